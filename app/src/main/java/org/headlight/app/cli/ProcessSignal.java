package org.headlight.app.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The signals by which a process is asked to end. The virtual machine answers them by running all
 * its shutdown hooks at once, among them the one with which ONNX Runtime closes its environment
 * under work that still goes on; taking the signal itself leaves the order to the program.
 */
enum ProcessSignal {
    HUP(1),
    INT(2),
    TERM(15);

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    /** Exit status of a process that such a signal ended, as shells count. */
    int exitStatus() {
        return 128 + number;
    }

    /**
     * Runs {@code handler} on a thread of its own when the signal comes; a signal that this
     * platform does not have never comes. {@code sun.misc.Signal} is the only way to it that Java
     * has, and is called by name, since compilers warn of it.
     */
    void handle(Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object listener =
                    Proxy.newProxyInstance(
                            ProcessSignal.class.getClassLoader(),
                            new Class<?>[] {type},
                            (proxy, method, arguments) -> {
                                handler.run();
                                return null;
                            });
            signal.getMethod("handle", signal, type)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name()),
                            listener);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new IllegalStateException("The signal " + name() + " is out of reach.", e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This Java has no signals.", e);
        }
    }
}
