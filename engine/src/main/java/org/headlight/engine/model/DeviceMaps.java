package org.headlight.engine.model;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cuda.CudaMaps;
import org.headlight.engine.cuda.GpuAccess;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.RuntimeLibrary;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.MapPooler;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Pools maps on the device that is in use, which is opened for the first map that is worth it. A
 * device that fails is not asked again until another one is named; one that lacks memory is.
 * Thread-safe; closed by whoever made it.
 */
public final class DeviceMaps implements MapPooler, AutoCloseable {
    private final Opener opener;
    private final double pays;
    private Device device = Device.CPU;
    private @Nullable CudaMaps maps;
    private boolean failed;

    /** Opens a device. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens a device.
         *
         * @throws BadInputException when it cannot be opened
         */
        CudaMaps open(Device.Cuda device);
    }

    /** The devices of this machine; none is in use yet. */
    public DeviceMaps() {
        this(
                cuda ->
                        CudaMaps.open(
                                GpuAccess.here(RuntimeLibrary.ofProcess().folder()), cuda.index()),
                CudaMaps.PAYS);
    }

    /**
     * @param pays multiply-adds from which on a map is worth it
     */
    public DeviceMaps(Opener opener, double pays) {
        this.opener = opener;
        this.pays = pays;
    }

    /** Uses a device from now on; the processor is none. */
    public synchronized void use(Device now) {
        if (!now.equals(device)) {
            release();
            device = now;
            failed = false;
        }
    }

    @Override
    public synchronized boolean takes(HeadAttention head) {
        return device instanceof Device.Cuda && !failed && CudaMaps.takes(head, pays);
    }

    @Override
    public synchronized String device() {
        return device.word();
    }

    @Override
    public synchronized PooledMap pool(
            QkHead head, Visibility visibility, PixelRows pixels, Progress progress) {
        if (!(device instanceof Device.Cuda cuda)) {
            throw new BadInputException("The device was changed in the meantime.");
        }
        try {
            if (maps == null) {
                maps = opener.open(cuda);
            }
            return maps.pool(head, visibility, pixels, progress);
        } catch (BadInputException e) {
            failed = true;
            release();
            throw e;
        }
    }

    private void release() {
        CudaMaps open = maps;
        maps = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public synchronized void close() {
        release();
        device = Device.CPU;
    }
}
