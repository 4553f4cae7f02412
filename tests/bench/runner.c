/* Runs programs in turns and measures each whole process: wall time from before the fork to after the wait, CPU time and peak memory as
 * the kernel counted them.
 *
 *   bench_runner RUNS -- STDIN STDOUT [NAME=VALUE…] PROGRAM [ARGUMENT…] [-- …]
 *
 * Every program gets the environment that its row states and nothing else. Each round begins with another row, so that none always follows the
 * same one. Prints a line a process: row, wall time in µs, CPU time in µs, peak memory in KiB, wait status. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMaxRows = 64 };

struct row {
  char *input;
  char *output;
  char **environment; /* null-terminated, like arguments */
  char **arguments;
};

static void die(const char *what) {
  fprintf(stderr, "bench_runner: %s\n", what);
  exit(70);
}

static long long microseconds(const struct timeval *time) { return time->tv_sec * 1000000LL + time->tv_usec; }

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

/* Copies `count` words and ends them with a null pointer. */
static char **list(char **words, int count) {
  char **copy = calloc((size_t)count + 1, sizeof *copy);
  if (copy == NULL) die("out of memory");
  memcpy(copy, words, (size_t)count * sizeof *copy);
  return copy;
}

static struct row read_row(char **words, int count) {
  if (count < 3) die("a row needs STDIN, STDOUT and PROGRAM");
  int program = 2;
  while (program < count && strchr(words[program], '=') != NULL) ++program;
  if (program == count) die("a row names no program");
  struct row row = {words[0], words[1], list(words + 2, program - 2), list(words + program, count - program)};
  return row;
}

static void measure(int index, const struct row *row) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, row->input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, row->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  pid_t child = 0;
  const long long start = now();
  if (posix_spawn(&child, row->arguments[0], &actions, NULL, row->arguments, row->environment) != 0) {
    die(row->arguments[0]);
  }
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) die("wait4 failed");
  const long long wall = now() - start;

  posix_spawn_file_actions_destroy(&actions);
  printf("%d %lld %lld %ld %d\n", index, wall, microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime),
         usage.ru_maxrss, status);
}

int main(int argc, char **argv) {
  struct row rows[kMaxRows];
  int count = 0;
  int word = 2;
  while (word < argc) {
    const int begin = ++word; /* past the "--" */
    while (word < argc && strcmp(argv[word], "--") != 0) ++word;
    if (count == kMaxRows) die("too many rows");
    rows[count++] = read_row(argv + begin, word - begin);
  }
  if (count == 0) die("no rows");
  const int runs = atoi(argv[1]);
  for (int run = 0; run < runs; ++run) {
    for (int turn = 0; turn < count; ++turn) {
      const int index = (run + turn) % count;
      measure(index, &rows[index]);
    }
  }
  return 0;
}
