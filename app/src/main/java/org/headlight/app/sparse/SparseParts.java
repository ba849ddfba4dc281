package org.headlight.app.sparse;

/**
 * The view models of the reading.
 *
 * @param sparse runs the text
 * @param maps lays a run over the map
 * @param responses writes on
 * @param frontier sweeps policies
 */
record SparseParts(
        SparseViewModel sparse,
        SparseMaps maps,
        ResponseViewModel responses,
        FrontierViewModel frontier) {}
