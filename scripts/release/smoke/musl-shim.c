/*
 * Debian has no libstdc++ built for musl, and nothing here can fetch Alpine's. Its own one, built for glibc, works
 * with musl's loader once these names are there. Only the smoke run uses this: on Alpine, `apk add libstdc++` is all.
 * It is built as ld-linux-x86-64.so.2, which that libstdc++ asks for.
 */
#include <stddef.h>

struct tm;
size_t strftime_l(char *, size_t, const char *, const struct tm *, void *);

char __libc_single_threaded = 0;

size_t __strftime_l(char *text, size_t size, const char *format, const struct tm *time, void *locale) {
  return strftime_l(text, size, format, time, locale);
}

/* Objects of a thread are not destroyed when it ends. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

/* -1: libgcc then looks for itself. */
int _dl_find_object(void *address, void *result) {
  (void)address, (void)result;
  return -1;
}

unsigned arc4random(void) {
  static unsigned state = 1;
  return state = state * 1664525u + 1013904223u;
}

struct { unsigned vendor, type, subtype, features[1]; } __cpu_model;

int __cpu_indicator_init(void) { return 0; }
