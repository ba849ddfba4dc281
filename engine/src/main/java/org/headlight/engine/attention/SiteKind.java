package org.headlight.engine.attention;

/** Whether the keys come from the same sequence as the queries. */
public enum SiteKind {
    SELF,
    CROSS
}
