/* Runs a program on a kernel that lacks system calls: without_calls ERRNO NUMBER… -- PROGRAM [ARGUMENT…]. Each of them fails with this error. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char** words) {
  struct sock_filter code[64] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
  unsigned short size = 1;
  int at = 2;
  for (; at < count && strcmp(words[at], "--") != 0 && size < 60; ++at) {
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(words[at]), 0, 1);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)atoi(words[1]));
  }
  code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const struct sock_fprog filter = {size, code};
  if (at + 1 >= count || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) return 97;
  execv(words[at + 1], words + at + 1);
  return 98;
}
