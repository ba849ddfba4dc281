package org.headlight.app.cli;

import org.headlight.analysis.sparse.Parameter;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.app.sparse.SparseJson;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/** Every sparse policy. */
@Command(
        name = "policies",
        description =
                "Lists the sparse policies, their papers, settings, and what may be claimed for"
                        + " them.",
        footer = {
            "",
            "honest: full for the method itself; surrogate where trained parts are missing;",
            "oracle for an upper bound that reads the dense map first.",
            "",
            "Examples:",
            "  headlight policies",
            "  headlight policies xattention"
        })
final class PoliciesCommand implements Callable<Integer> {
    private final CommandContext context;
    private final PolicyCatalog catalog;

    @Spec private CommandSpec spec;
    @Mixin private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "One policy, with its settings explained.")
    private @Nullable String name;

    @SuppressWarnings("NullAway.Init")
    PoliciesCommand(CommandContext context, PolicyCatalog catalog) {
        this.context = context;
        this.catalog = catalog;
    }

    @Override
    public Integer call() {
        List<Policy> policies = chosen();
        if (common.json()) {
            Json.print(SparseJson.policies(policies), context.out());
        } else if (name != null) {
            explain(policies.getFirst());
        } else {
            table(policies);
        }
        return 0;
    }

    private List<Policy> chosen() {
        String one = name;
        if (one == null) {
            return catalog.all();
        }
        return List.of(Usage.of(spec).made(() -> catalog.find(one)));
    }

    private void table(List<Policy> policies) {
        Table table = new Table("name", "phase", "keeps", "honest", "settings", "paper");
        for (Policy policy : policies) {
            PolicyInfo info = policy.info();
            table.row(
                    info.name(),
                    info.phase().word(),
                    info.unit().word(),
                    info.honesty().word(),
                    Settings.standard(info).text(),
                    info.paper());
        }
        table.print(context.out());
    }

    private void explain(Policy policy) {
        PolicyInfo info = policy.info();
        context.out().println(info.title() + ": " + info.paper());
        context.out().println(info.claim());
        context.out()
                .println(
                        "phase: "
                                + info.phase().word()
                                + "; keeps: "
                                + info.unit().word()
                                + "; honest: "
                                + info.honesty().word());
        if (info.parameters().isEmpty()) {
            return;
        }
        context.out().println();
        Table table = new Table("setting", "default", "range", "meaning");
        Settings standard = Settings.standard(info);
        for (Parameter parameter : info.parameters()) {
            table.row(
                    parameter.name(),
                    standard.text(parameter.name()),
                    range(info, parameter),
                    parameter.meaning());
        }
        table.print(context.out());
    }

    private static String range(PolicyInfo info, Parameter parameter) {
        if (!parameter.choices().isEmpty()) {
            return String.join(", ", parameter.choices());
        }
        Settings standard = Settings.standard(info);
        return standard.with(parameter.name(), parameter.least()).text(parameter.name())
                + " to "
                + standard.with(parameter.name(), parameter.most()).text(parameter.name());
    }
}
