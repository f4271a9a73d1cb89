/* Has a secret in its memory, its environment and an open descriptor, and tells where. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(void)
{
	char *secret = malloc(64);
	int held = memfd_create("held", 0);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	strcpy(secret, "{\"value\":\"hunter2\",\"isSecret\":true}");
	if (write(held, secret, strlen(secret)) < 0)
		return 1;
	printf("%p %d\n", (void *)secret, held);
	fflush(stdout);
	for (;;)
		pause();
}
