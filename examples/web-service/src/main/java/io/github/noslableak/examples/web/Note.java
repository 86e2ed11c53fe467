package io.github.noslableak.examples.web;

/**
 * A text under a name.
 *
 * @param name the key; letters, digits and hyphens
 * @param text the content
 */
public record Note(String name, String text) {}
