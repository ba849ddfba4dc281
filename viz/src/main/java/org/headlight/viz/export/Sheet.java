package org.headlight.viz.export;

import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.TooLargeException;
import org.headlight.viz.raster.NumberText;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** The paper: makes images of a sensible size. */
final class Sheet {
    /** The longest side of a figure, pixels. */
    static final int MOST = FigureLook.LARGEST;

    private Sheet() {}

    static BufferedImage blank(double width, double height, FigureTheme theme, double unit) {
        int w = (int) Math.ceil(width);
        int h = (int) Math.ceil(height);
        check(w, h);
        BufferedImage image = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(theme.page());
        g.fillRect(0, 0, w, h);
        g.setStroke(new BasicStroke((float) Math.max(1, unit)));
        g.dispose();
        return image;
    }

    static void checkSize(int size) {
        if (size < 1) {
            throw new BadInputException(
                    "a figure cannot be " + size + " pixels large; give a size from 1 pixel up.");
        }
    }

    private static void check(int width, int height) {
        if (width > MOST || height > MOST) {
            throw new BadInputException(
                    "the figure would be "
                            + NumberText.count(width)
                            + " x "
                            + NumberText.count(height)
                            + " pixels, and the largest is "
                            + NumberText.count(MOST)
                            + " x "
                            + NumberText.count(MOST)
                            + "; choose a smaller size.");
        }
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        long needed = 4L * width * height;
        if (needed > free) {
            throw new TooLargeException(
                    "the figure of "
                            + NumberText.count(width)
                            + " x "
                            + NumberText.count(height)
                            + " pixels needs "
                            + NumberText.count(needed >> 20)
                            + " MB and "
                            + NumberText.count(free >> 20)
                            + " MB are free; choose a smaller size.",
                    needed,
                    free);
        }
    }
}
