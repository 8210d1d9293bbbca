package dev.bobbin.examples.http;

/** A status and a text to send back. */
record Answer(int status, String text) {}
