package org.headlight.app.generate;

import org.headlight.app.task.TaskRunner;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Brings tokens from the thread that writes to the window's thread, many at a time if need be. */
final class WritingFeed implements GenerationListener {
    /**
     * What was written by a moment.
     *
     * @param tokens prompt and response
     * @param count tokens of the response
     * @param perSecond tokens a second since the first one; 0 while there is only that
     */
    record News(List<Token> tokens, int count, double perSecond) {}

    private final TaskRunner tasks;
    private final Consumer<News> window;
    private final List<Token> tokens = new ArrayList<>();
    private final int prompt;
    private long first;
    private long last;
    private boolean announced;

    /**
     * @param window hears the news on its own thread
     */
    WritingFeed(TaskRunner tasks, List<Token> prompt, Consumer<News> window) {
        this.tasks = tasks;
        this.window = window;
        this.prompt = prompt.size();
        tokens.addAll(prompt);
        announce();
    }

    @Override
    public synchronized void token(GeneratedToken token) {
        last = System.nanoTime();
        first = tokens.size() == prompt ? last : first;
        tokens.add(token.token());
        announce();
    }

    private synchronized void announce() {
        if (!announced) {
            announced = true;
            tasks.later(() -> window.accept(news()));
        }
    }

    private synchronized News news() {
        announced = false;
        int count = tokens.size() - prompt;
        double seconds = (last - first) / 1e9;
        return new News(
                List.copyOf(tokens), count, count > 1 && seconds > 0 ? (count - 1) / seconds : 0);
    }
}
