package org.headlight.analysis.sparse.decode;

import org.headlight.engine.attend.HeadArray;

/**
 * The smallest and the largest of each number over the keys of a page, which bound the product of
 * any query with any key of the page (Quest). Page p is keys [p x page, (p + 1) x page). A page is
 * scored only once a step has seen all of it, so bounds of whole pages never look ahead.
 */
final class PageBounds {
    private final int page;
    private final int pages;
    private final int width;
    private final float[] least;
    private final float[] most;

    /** Bounds of the whole pages of keys [KV, M, D]; the last one may be short. */
    PageBounds(HeadArray keys, int page) {
        this(keys, page, 0, page);
    }

    /** Bounds of a part of each page: of its keys [from, to). */
    PageBounds(HeadArray keys, int page, int from, int to) {
        this.page = page;
        this.pages = Math.ceilDiv(keys.rows(), page);
        this.width = keys.width();
        this.least = new float[keys.heads() * pages * width];
        this.most = new float[least.length];
        for (int head = 0; head < keys.heads(); head++) {
            for (int row = 0; row < keys.rows(); row++) {
                int place = row % page;
                if (place >= from && place < to) {
                    int at = (head * pages + row / page) * width;
                    include(keys.values(), keys.at(head, row), at, place == from);
                }
            }
        }
    }

    private void include(float[] key, int from, int to, boolean opens) {
        for (int d = 0; d < width; d++) {
            float x = key[from + d];
            least[to + d] = opens ? x : Math.min(least[to + d], x);
            most[to + d] = opens ? x : Math.max(most[to + d], x);
        }
    }

    /** Keys of a page. */
    int page() {
        return page;
    }

    /** No key of the page has a larger product with the query: sum of max(q x least, q x most). */
    double bound(HeadArray q, int head, int row, int keyHead, int number) {
        float[] query = q.values();
        int at = q.at(head, row);
        int from = (keyHead * pages + number) * width;
        float sum = 0;
        for (int d = 0; d < width; d++) {
            float x = query[at + d];
            sum += Math.max(x * least[from + d], x * most[from + d]);
        }
        return sum;
    }

    /**
     * Bounds of pages for a step, added up over query heads that share keys.
     *
     * @param heads query heads from {@code head} on
     * @param target receives the bound of page {@code from + i} at i
     */
    void sums(Steps steps, int head, int heads, int step, int from, int to, double[] target) {
        HeadArray q = steps.input().q();
        for (int number = from; number < to; number++) {
            double sum = 0;
            for (int h = head; h < head + heads; h++) {
                sum += bound(q, h, step, steps.input().keyHead(h), number);
            }
            target[number - from] = sum;
        }
    }
}
