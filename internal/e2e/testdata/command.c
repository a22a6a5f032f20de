// A command that uses what commands use: arguments, the environment, the standard streams, files, the clock and an exit code.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
  char line[256];
  for (int i = 1; i < argc; i++) printf("argument: %s\n", argv[i]);
  printf("GREETING: %s\n", getenv("GREETING") ? getenv("GREETING") : "none");
  printf("HOME: %s\n", getenv("HOME") ? getenv("HOME") : "none");
  while (fgets(line, sizeof line, stdin)) printf("input: %s", line);
  FILE *f = fopen("/data/new.txt", "w");
  printf("create: %s\n", f ? "yes" : "no");
  if (f) { fputs("made by the guest\n", f); fclose(f); }
  f = fopen("/data/old.txt", "r");
  if (f && fgets(line, sizeof line, f)) printf("read: %s", line);
  int entries = 0;
  DIR *d = opendir("/data");
  if (d) { while (readdir(d)) entries++; closedir(d); }
  printf("entries: %d\n", entries);
  printf("escape: %s\n", fopen("/data/../secret.txt", "r") ? "yes" : "no");
  printf("clock: %s\n", time(NULL) > 0 ? "yes" : "no");
  fputs("a word on standard error\n", stderr);
  return argc > 1 ? 1 : 0;
}
