package org.headlight.analysis.retrieval;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The stemmer of Porter (1980) with the extensions of NLTK, which is what ROUGE scores are computed
 * with. Takes words in lower case.
 */
final class PorterStemmer {
    private static final Map<String, String> IRREGULAR =
            Map.ofEntries(
                    Map.entry("skies", "sky"),
                    Map.entry("sky", "sky"),
                    Map.entry("dying", "die"),
                    Map.entry("lying", "lie"),
                    Map.entry("tying", "tie"),
                    Map.entry("news", "news"),
                    Map.entry("innings", "inning"),
                    Map.entry("inning", "inning"),
                    Map.entry("outings", "outing"),
                    Map.entry("outing", "outing"),
                    Map.entry("cannings", "canning"),
                    Map.entry("canning", "canning"),
                    Map.entry("howe", "howe"),
                    Map.entry("proceed", "proceed"),
                    Map.entry("exceed", "exceed"),
                    Map.entry("succeed", "succeed"));

    private static final List<Rule> PLURALS =
            List.of(
                    new Rule("sses", "ss", stem -> true),
                    new Rule("ies", "i", stem -> true),
                    new Rule("ss", "ss", stem -> true),
                    new Rule("s", "", stem -> true));

    private static final List<Rule> DOUBLE_SUFFIXES =
            List.of(
                    new Rule("ational", "ate", PorterStemmer::syllable),
                    new Rule("tional", "tion", PorterStemmer::syllable),
                    new Rule("enci", "ence", PorterStemmer::syllable),
                    new Rule("anci", "ance", PorterStemmer::syllable),
                    new Rule("izer", "ize", PorterStemmer::syllable),
                    new Rule("bli", "ble", PorterStemmer::syllable),
                    new Rule("alli", "al", PorterStemmer::syllable),
                    new Rule("entli", "ent", PorterStemmer::syllable),
                    new Rule("eli", "e", PorterStemmer::syllable),
                    new Rule("ousli", "ous", PorterStemmer::syllable),
                    new Rule("ization", "ize", PorterStemmer::syllable),
                    new Rule("ation", "ate", PorterStemmer::syllable),
                    new Rule("ator", "ate", PorterStemmer::syllable),
                    new Rule("alism", "al", PorterStemmer::syllable),
                    new Rule("iveness", "ive", PorterStemmer::syllable),
                    new Rule("fulness", "ful", PorterStemmer::syllable),
                    new Rule("ousness", "ous", PorterStemmer::syllable),
                    new Rule("aliti", "al", PorterStemmer::syllable),
                    new Rule("iviti", "ive", PorterStemmer::syllable),
                    new Rule("biliti", "ble", PorterStemmer::syllable),
                    new Rule("fulli", "ful", PorterStemmer::syllable),
                    new Rule("logi", "log", stem -> measure(stem + "l") > 0));

    private static final List<Rule> SINGLE_SUFFIXES =
            List.of(
                    new Rule("icate", "ic", PorterStemmer::syllable),
                    new Rule("ative", "", PorterStemmer::syllable),
                    new Rule("alize", "al", PorterStemmer::syllable),
                    new Rule("iciti", "ic", PorterStemmer::syllable),
                    new Rule("ical", "ic", PorterStemmer::syllable),
                    new Rule("ful", "", PorterStemmer::syllable),
                    new Rule("ness", "", PorterStemmer::syllable));

    private static final List<Rule> LAST_SUFFIXES =
            List.of(
                    new Rule("al", "", PorterStemmer::severalSyllables),
                    new Rule("ance", "", PorterStemmer::severalSyllables),
                    new Rule("ence", "", PorterStemmer::severalSyllables),
                    new Rule("er", "", PorterStemmer::severalSyllables),
                    new Rule("ic", "", PorterStemmer::severalSyllables),
                    new Rule("able", "", PorterStemmer::severalSyllables),
                    new Rule("ible", "", PorterStemmer::severalSyllables),
                    new Rule("ant", "", PorterStemmer::severalSyllables),
                    new Rule("ement", "", PorterStemmer::severalSyllables),
                    new Rule("ment", "", PorterStemmer::severalSyllables),
                    new Rule("ent", "", PorterStemmer::severalSyllables),
                    new Rule(
                            "ion",
                            "",
                            stem ->
                                    measure(stem) > 1
                                            && (stem.endsWith("s") || stem.endsWith("t"))),
                    new Rule("ou", "", PorterStemmer::severalSyllables),
                    new Rule("ism", "", PorterStemmer::severalSyllables),
                    new Rule("ate", "", PorterStemmer::severalSyllables),
                    new Rule("iti", "", PorterStemmer::severalSyllables),
                    new Rule("ous", "", PorterStemmer::severalSyllables),
                    new Rule("ive", "", PorterStemmer::severalSyllables),
                    new Rule("ize", "", PorterStemmer::severalSyllables));

    /** The first rule whose ending a word has decides, whether its condition holds or not. */
    private record Rule(String suffix, String replacement, Predicate<String> condition) {

        static String apply(List<Rule> rules, String word) {
            for (Rule rule : rules) {
                if (word.endsWith(rule.suffix)) {
                    String stem = without(word, rule.suffix.length());
                    return rule.condition.test(stem) ? stem + rule.replacement : word;
                }
            }
            return word;
        }
    }

    private PorterStemmer() {}

    /** The stem of a word in lower case, such as "hop" of "hopping". */
    static String stem(String word) {
        String known = IRREGULAR.get(word);
        if (known != null) {
            return known;
        }
        if (word.length() <= 2) {
            return word;
        }
        String stem = pastAndParticiple(plural(word));
        stem = finalY(stem);
        stem = doubleSuffix(stem);
        stem = Rule.apply(SINGLE_SUFFIXES, stem);
        stem = Rule.apply(LAST_SUFFIXES, stem);
        return finalL(finalE(stem));
    }

    private static String plural(String word) {
        return word.endsWith("ies") && word.length() == 4
                ? without(word, 1)
                : Rule.apply(PLURALS, word);
    }

    private static String pastAndParticiple(String word) {
        if (word.endsWith("ied")) {
            return without(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(without(word, 3)) > 0 ? without(word, 1) : word;
        }
        String stem = withoutEnding(word);
        return stem == null ? word : mended(stem);
    }

    /** What is left of a word without its ed or ing, as a word. */
    private static String mended(String stem) {
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        if (endsWithDouble(stem)) {
            char last = stem.charAt(stem.length() - 1);
            return last == 'l' || last == 's' || last == 'z' ? stem : without(stem, 1);
        }
        return measure(stem) == 1 && endsShort(stem) ? stem + "e" : stem;
    }

    private static @Nullable String withoutEnding(String word) {
        for (String suffix : List.of("ed", "ing")) {
            if (word.endsWith(suffix)) {
                String stem = without(word, suffix.length());
                if (hasVowel(stem)) {
                    return stem;
                }
            }
        }
        return null;
    }

    private static String finalY(String word) {
        boolean turns =
                word.endsWith("y") && word.length() > 2 && consonant(word, word.length() - 2);
        return turns ? without(word, 1) + "i" : word;
    }

    private static String doubleSuffix(String word) {
        return word.endsWith("alli") && measure(without(word, 4)) > 0
                ? doubleSuffix(without(word, 2))
                : Rule.apply(DOUBLE_SUFFIXES, word);
    }

    private static String finalE(String word) {
        if (!word.endsWith("e")) {
            return word;
        }
        String stem = without(word, 1);
        int measure = measure(stem);
        return measure > 1 || (measure == 1 && !endsShort(stem)) ? stem : word;
    }

    private static String finalL(String word) {
        return word.endsWith("ll") && measure(without(word, 1)) > 1 ? without(word, 1) : word;
    }

    private static String without(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    private static boolean consonant(String word, int at) {
        return switch (word.charAt(at)) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> at == 0 || !consonant(word, at - 1);
            default -> true;
        };
    }

    /** How often a consonant follows a vowel: Porter's m. */
    private static int measure(String stem) {
        int count = 0;
        for (int i = 1; i < stem.length(); i++) {
            count += consonant(stem, i) && !consonant(stem, i - 1) ? 1 : 0;
        }
        return count;
    }

    private static boolean syllable(String stem) {
        return measure(stem) > 0;
    }

    private static boolean severalSyllables(String stem) {
        return measure(stem) > 1;
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!consonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithDouble(String word) {
        int last = word.length() - 1;
        return last > 0 && word.charAt(last) == word.charAt(last - 1) && consonant(word, last);
    }

    /** Consonant, vowel, consonant other than w, x and y; or a vowel and a consonant alone. */
    private static boolean endsShort(String word) {
        int last = word.length() - 1;
        if (last == 1) {
            return !consonant(word, 0) && consonant(word, 1);
        }
        return last > 1
                && consonant(word, last - 2)
                && !consonant(word, last - 1)
                && consonant(word, last)
                && "wxy".indexOf(word.charAt(last)) < 0;
    }
}
