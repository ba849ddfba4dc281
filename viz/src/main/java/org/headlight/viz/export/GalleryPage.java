package org.headlight.viz.export;

import java.util.List;

/** The page of a gallery: one file, no scripts, nothing from a network, light and dark. */
final class GalleryPage {

    /**
     * One figure on the page.
     *
     * @param file name of the light picture without ".png"; the dark one ends in "-dark"
     */
    record Entry(String title, String file, int width, int height, String alt) {}

    private static final String STYLE =
            """
            :root{--page:#ffffff;--ink:#1b1f24;--soft:#5b636e;--line:#e2e5e9;--card:#f6f7f9;--accent:#3b6fb6}
            @media(prefers-color-scheme:dark){:root{--page:#16191d;--ink:#e8eaed;--soft:#a3a9b2;--line:#2c3138;--card:#1d2126;--accent:#8ab4f0}}
            *{box-sizing:border-box}html{scroll-behavior:smooth}
            @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
            body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 Inter,system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
            main{max-width:1200px;margin:0 auto;padding:48px 24px 72px}
            h1{font-size:32px;line-height:1.2;letter-spacing:-.02em;margin:0 0 8px}
            h2{font-size:20px;letter-spacing:-.01em;margin:0 0 12px}h2::first-letter{text-transform:uppercase}
            p.lead{color:var(--soft);margin:0 0 20px;max-width:72ch}
            blockquote{margin:0 0 24px;padding:12px 16px;background:var(--card);border-left:3px solid var(--accent);border-radius:0 6px 6px 0;font:13px/1.6 "JetBrains Mono",ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;max-height:12em;overflow:auto}
            nav{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 40px}
            nav a{color:var(--ink);text-decoration:none;border:1px solid var(--line);border-radius:999px;padding:4px 14px;font-size:14px}
            nav a:hover,nav a:focus-visible{border-color:var(--accent);color:var(--accent)}
            section{margin:0 0 56px;scroll-margin-top:16px}
            figure{margin:0;border:1px solid var(--line);border-radius:10px;overflow:hidden}
            figure img{display:block;width:100%;height:auto;max-width:var(--w);margin:0 auto}
            footer{color:var(--soft);font-size:13px;border-top:1px solid var(--line);padding-top:16px}
            code{font:13px "JetBrains Mono",ui-monospace,monospace;overflow-wrap:anywhere}
            @media print{nav{display:none}section{break-inside:avoid}}
            """;

    String html(Gallery gallery, List<Entry> entries) {
        StringBuilder out = new StringBuilder(8192);
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
        out.append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
        out.append(escaped(gallery.title())).append("</title>\n<style>\n").append(STYLE);
        out.append("</style>\n</head>\n<body>\n<main>\n<h1>").append(escaped(gallery.title()));
        out.append(
                        "</h1>\n"
                            + "<p class=\"lead\">Every attention head of one run. Queries run from"
                            + " top ")
                .append("to bottom, keys from left to right; a cell\u2019s colour is how much of ")
                .append("its attention the query gives to the key. Hatched grey cells are masked: ")
                .append("the query may not see the key.</p>\n");
        if (!gallery.text().isBlank()) {
            out.append("<blockquote>").append(escaped(gallery.text())).append("</blockquote>\n");
        }
        out.append("<nav aria-label=\"Figures\">");
        for (Entry entry : entries) {
            out.append("<a href=\"#").append(entry.file()).append("\">");
            out.append(escaped(entry.title())).append("</a>");
        }
        out.append("</nav>\n");
        entries.forEach(entry -> section(out, entry));
        out.append("<footer>").append(escaped(gallery.source().software()));
        if (!gallery.source().command().isEmpty()) {
            out.append(" \u00b7 made by <code>");
            out.append(escaped(gallery.source().command())).append("</code>");
        }
        out.append("</footer>\n</main>\n</body>\n</html>\n");
        return out.toString();
    }

    private static void section(StringBuilder out, Entry entry) {
        out.append("<section id=\"").append(entry.file()).append("\">\n<h2>");
        out.append(escaped(entry.title())).append("</h2>\n<figure>\n<picture>");
        out.append("<source media=\"(prefers-color-scheme: dark)\" srcset=\"");
        out.append(entry.file()).append("-dark.png\">");
        out.append("<img src=\"").append(entry.file()).append(".png\" width=\"");
        out.append(entry.width()).append("\" height=\"").append(entry.height());
        out.append("\" style=\"--w:").append(entry.width()).append("px\" alt=\"");
        out.append(escaped(entry.alt())).append("\"></picture>\n</figure>\n</section>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
