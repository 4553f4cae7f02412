/* Runs programs in turns and measures whole processes: wall time from before the fork to after the wait; CPU time, peak memory and page faults as
 * counted by the kernel.
 *
 *   bench_runner RUNS -- COUNT EXPECTED [NAME=VALUE…] PROGRAM [ARGUMENT…] [-- …] < REQUEST
 *
 * COUNT processes of a row are started at once: the wall time then ends with the last of them, the CPU time is that of all, peak memory and page
 * faults are the greatest. As the kubelet does, every process gets the request through a pipe and answers through one; both hold all of it, so
 * nothing waits for the peer or for a disk. Every program gets the environment that its row states and nothing else. Each round has its own order,
 * so that no row always follows the same one. Prints a line for each row and round: row, wall time in µs, CPU time in µs, peak memory in KiB, minor
 * page faults, and the wait status of the first process that failed, or -1 if an answer does not contain EXPECTED. */
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

enum { kMaxRows = 64, kMaxCount = 300, kPipeSize = 65536 };

struct row {
  int count;
  char *expected;
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
  if (count < 3) die("a row needs COUNT, EXPECTED and PROGRAM");
  const int processes = atoi(words[0]);
  if (processes < 1 || processes > kMaxCount) die("a row's COUNT is out of range");
  int program = 2;
  while (program < count && strchr(words[program], '=') != NULL) ++program;
  if (program == count) die("a row has no program");
  struct row row = {processes, words[1], list(words + 2, program - 2), list(words + program, count - program)};
  return row;
}

struct text {
  char bytes[kPipeSize + 1];
  size_t size;
};

/* All that comes from `descriptor`. */
static void read_all(int descriptor, struct text *into) {
  ssize_t got;
  into->size = 0;
  while ((got = read(descriptor, into->bytes + into->size, kPipeSize - into->size)) > 0) into->size += (size_t)got;
  into->bytes[into->size] = '\0';
}

struct child {
  pid_t process;
  int input;  /* where it reads the request */
  int answer; /* where its answer is read */
  int output; /* where it writes it */
};

static void connect_pipes(struct child *child, const struct text *request) {
  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) die("no pipe");
  if (write(in[1], request->bytes, request->size) != (ssize_t)request->size) die("the request does not fit");
  close(in[1]);
  child->input = in[0];
  child->answer = out[0];
  child->output = out[1];
}

static void start(struct child *child, const struct row *row) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child->input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, child->output, STDOUT_FILENO);
  if (posix_spawn(&child->process, row->arguments[0], &actions, NULL, row->arguments, row->environment) != 0) {
    die(row->arguments[0]);
  }
  posix_spawn_file_actions_destroy(&actions);
}

static int answers(struct child *child, const char *expected) {
  static struct text answer;
  close(child->input);
  close(child->output);
  read_all(child->answer, &answer);
  close(child->answer);
  return strstr(answer.bytes, expected) != NULL;
}

static void measure(int index, const struct row *row, const struct text *request) {
  static struct child children[kMaxCount];
  for (int each = 0; each < row->count; ++each) connect_pipes(&children[each], request);
  const long long begin = now();
  for (int each = 0; each < row->count; ++each) start(&children[each], row);
  long long cpu = 0;
  long memory = 0;
  long faults = 0;
  int failure = 0;
  for (int each = 0; each < row->count; ++each) {
    int status = 0;
    struct rusage usage;
    if (wait4(children[each].process, &status, 0, &usage) != children[each].process) die("wait4 failed");
    cpu += microseconds(&usage.ru_utime) + microseconds(&usage.ru_stime);
    if (usage.ru_maxrss > memory) memory = usage.ru_maxrss;
    if (usage.ru_minflt > faults) faults = usage.ru_minflt;
    if (failure == 0) failure = status;
  }
  const long long wall = now() - begin;

  for (int each = 0; each < row->count; ++each) {
    if (!answers(&children[each], row->expected) && failure == 0) failure = -1;
  }
  printf("%d %lld %lld %ld %ld %d\n", index, wall, cpu, memory, faults, failure);
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
  static struct text request;
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
  read_all(STDIN_FILENO, &request);
  int order[kMaxRows];
  for (int index = 0; index < count; ++index) order[index] = index;
  for (int run = 0; run < runs; ++run) {
    shuffle(order, count);
    for (int turn = 0; turn < count; ++turn) measure(order[turn], &rows[order[turn]], &request);
  }
  return 0;
}
