package org.headlight.app.command;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What was, for undo and redo: snapshots of an immutable state.
 *
 * @param <S> the state; immutable
 */
public final class History<S> {
    private final int limit;
    private final Deque<S> past = new ArrayDeque<>();
    private final Deque<S> future = new ArrayDeque<>();
    private S present;

    /**
     * A history that begins with {@code first}.
     *
     * @param limit how many steps back are kept, 1 or more
     */
    public History(S first, int limit) {
        this.present = first;
        this.limit = limit;
    }

    public S present() {
        return present;
    }

    /** Makes {@code next} the present; what was undone before is forgotten. */
    public void push(S next) {
        if (next.equals(present)) {
            return;
        }
        past.addLast(present);
        if (past.size() > limit) {
            past.removeFirst();
        }
        future.clear();
        present = next;
    }

    /** Goes on with the last step: {@code next} takes the place of the present. */
    public void amend(S next) {
        future.clear();
        present = next;
    }

    /** Begins anew. */
    public void reset(S first) {
        past.clear();
        future.clear();
        present = first;
    }

    public boolean canUndo() {
        return !past.isEmpty();
    }

    public boolean canRedo() {
        return !future.isEmpty();
    }

    /** Steps back and returns what is present then; empty at the beginning. */
    public Optional<S> undo() {
        if (past.isEmpty()) {
            return Optional.empty();
        }
        future.push(present);
        present = past.removeLast();
        return Optional.of(present);
    }

    /** Steps forward again; empty when nothing was undone. */
    public Optional<S> redo() {
        if (future.isEmpty()) {
            return Optional.empty();
        }
        past.addLast(present);
        present = future.pop();
        return Optional.of(present);
    }
}
