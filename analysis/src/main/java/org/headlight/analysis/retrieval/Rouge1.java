package org.headlight.analysis.retrieval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * ROUGE-1 (Lin 2004): how many of the words of a reference are found in a response. Words are runs
 * of the letters a to z and digits, in lower case; those of more than three letters are stemmed.
 */
public final class Rouge1 {
    private static final Pattern BETWEEN = Pattern.compile("[^a-z0-9]+");
    private static final int UNSTEMMED = 3;

    private Rouge1() {}

    /**
     * The recall: words of the reference that the response has too, each as often as it has it,
     * over the words of the reference.
     *
     * @return 0 to 1; NaN when the reference has no words
     */
    public static double recall(String reference, String response) {
        List<String> wanted = words(reference);
        if (wanted.isEmpty()) {
            return Double.NaN;
        }
        Map<String, Integer> there = new HashMap<>();
        words(response).forEach(word -> there.merge(word, 1, Integer::sum));
        int found = 0;
        for (String word : wanted) {
            int left = there.getOrDefault(word, 0);
            if (left > 0) {
                there.put(word, left - 1);
                found++;
            }
        }
        return (double) found / wanted.size();
    }

    /** The words of a text, stemmed. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : BETWEEN.split(text.toLowerCase(Locale.ROOT), -1)) {
            if (!word.isEmpty()) {
                words.add(word.length() > UNSTEMMED ? PorterStemmer.stem(word) : word);
            }
        }
        return words;
    }
}
