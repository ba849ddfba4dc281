package org.headlight.app.reading;

import org.headlight.app.open.FileDialogs;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Writes results where a dialog says. */
public final class FileResultExport implements ResultExport {
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Consumer<String> notice;

    /**
     * An export.
     *
     * @param notice tells the user what has been written
     */
    public FileResultExport(TaskRunner tasks, FileDialogs dialogs, Consumer<String> notice) {
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.notice = notice;
    }

    @Override
    public void save(ResultFile file, Consumer<String> problem) {
        ResultFormat format = file.format();
        dialogs.save(file.name() + "." + format.extension(), format.title(), format.extension())
                .ifPresent(target -> write(file, target, problem));
    }

    private void write(ResultFile file, Path target, Consumer<String> problem) {
        tasks.submit(
                TaskRequest.of(
                                LANE,
                                "Writing " + target.getFileName(),
                                progress -> {
                                    file.content().write(target, progress);
                                    return target;
                                })
                        .onDone(path -> notice.accept("Wrote " + path))
                        .onFailed(failure -> {
                            if (failure.kind() != Failure.Kind.CANCELLED) {
                                problem.accept(failure.sentence());
                            }
                        }));
    }
}
