package org.headlight.viz.export;

import org.jspecify.annotations.Nullable;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;

/**
 * One thing on a vector figure.
 *
 * @param shape in the figure's units, y downwards
 * @param color with its opacity
 * @param stroke of a line; null for an area
 * @param text what an outline of letters says; empty for anything else
 */
record VectorMark(Shape shape, Color color, @Nullable BasicStroke stroke, String text) {}
