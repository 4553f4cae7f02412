/* Runs programs in turns and measures whole processes: wall time from before the fork to after the wait, CPU time and peak memory as the
 * kernel counted them.
 *
 *   bench_runner RUNS -- COUNT STDIN STDOUT [NAME=VALUE…] PROGRAM [ARGUMENT…] [-- …]
 *
 * COUNT processes of a row are started at once: the wall time then ends with the last of them, the CPU time is that of all, and the peak memory the
 * greatest. Every program gets the environment that its row states and nothing else. Each round has an order of its own, so that no row
 * always follows the same one. Prints a line a row and round: row, wall time in µs, CPU time in µs, peak memory in KiB, wait status (of the first
 * that failed). */
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

enum { kMaxRows = 64, kMaxCount = 1000 };

struct row {
  int count;
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
  if (count < 4) die("a row needs COUNT, STDIN, STDOUT and PROGRAM");
  const int processes = atoi(words[0]);
  if (processes < 1 || processes > kMaxCount) die("a row's COUNT is out of range");
  int program = 3;
  while (program < count && strchr(words[program], '=') != NULL) ++program;
  if (program == count) die("a row names no program");
  struct row row = {processes, words[1], words[2], list(words + 3, program - 3),
                    list(words + program, count - program)};
  return row;
}

static void measure(int index, const struct row *row) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, row->input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, row->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

  pid_t children[kMaxCount];
  const long long start = now();
  for (int child = 0; child < row->count; ++child) {
    if (posix_spawn(&children[child], row->arguments[0], &actions, NULL, row->arguments, row->environment) != 0) {
      die(row->arguments[0]);
    }
  }
  long long cpu = 0;
  long memory = 0;
  int failure = 0;
  for (int child = 0; child < row->count; ++child) {
    int status = 0;
    struct rusage usage;
    if (wait4(children[child], &status, 0, &usage) != children[child]) die("wait4 failed");
    cpu += microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
    if (usage.ru_maxrss > memory) memory = usage.ru_maxrss;
    if (failure == 0) failure = status;
  }
  const long long wall = now() - start;

  posix_spawn_file_actions_destroy(&actions);
  printf("%d %lld %lld %ld %d\n", index, wall, cpu, memory, failure);
}

/* Another order at every call, the same ones in every run of this program. */
static void shuffle(int *order, int count) {
  static unsigned state = 1;
  for (int last = count - 1; last > 0; --last) {
    state = state * 1664525U + 1013904223U;
    const int other = (int)((state >> 16) % (unsigned)(last + 1));
    const int moved = order[last];
    order[last] = order[other];
    order[other] = moved;
  }
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
  int order[kMaxRows];
  for (int index = 0; index < count; ++index) order[index] = index;
  for (int run = 0; run < runs; ++run) {
    shuffle(order, count);
    for (int turn = 0; turn < count; ++turn) measure(order[turn], &rows[order[turn]]);
  }
  return 0;
}
