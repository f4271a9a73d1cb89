/*
 * What all acts share. An act does something, looks itself what it has done, and prints it as facts:
 * lines of JSON that hold the fields of the event that must be recorded.
 */
#pragma once

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether the programs in use see names as the kernel resolved them; said by record.ts. */
#define RESOLVED   (getenv("NAMES_RESOLVED") != NULL)
/* The flag of a record whose names they do not. */
#define UNRESOLVED (RESOLVED ? 0 : 16)

/* Ends the act when a step that must work has not; gives the step's result. */
#define must(step)                                                                                 \
	({                                                                                         \
		long result_ = (long)(step);                                                       \
		if (result_ < 0) {                                                                 \
			fprintf(stderr, "%s:%d: %s: %m\n", __FILE__, __LINE__, #step);             \
			exit(1);                                                                   \
		}                                                                                  \
		result_;                                                                           \
	})

/* Ends the act when a step has not failed with just this error. */
#define must_fail(step, error)                                                                     \
	do {                                                                                       \
		if ((long)(step) >= 0 || errno != (error)) {                                       \
			fprintf(stderr, "%s:%d: %s: %m\n", __FILE__, __LINE__, #step);             \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

/* A JSON string; each byte that is not ASCII is one escape. Never freed: an act is short. */
static inline char *quoted_bytes(const void *bytes, size_t length)
{
	char *text = malloc(6 * length + 3), *to = text;

	*to++ = '"';
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = ((const unsigned char *)bytes)[i];

		if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\')
			to += sprintf(to, "\\u%04x", byte);
		else
			*to++ = byte;
	}
	strcpy(to, "\"");
	return text;
}

static inline char *quoted(const char *text)
{
	return quoted_bytes(text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static inline void fact(const char *event, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	printf("{\"event\":\"%s\",", event);
	vprintf(format, values);
	printf("}\n");
	va_end(values);
	fflush(stdout);
}

/* Where the act started. */
static char here[PATH_MAX];

/* The path of a name in the directory where the act started. */
static inline char *at_here(const char *name)
{
	char *path;

	must(asprintf(&path, "%s/%s", here, name));
	return path;
}

/* The device as the kernel keeps it. */
static inline unsigned int device_of(const struct stat *status)
{
	return major(status->st_dev) << 20 | minor(status->st_dev);
}

static inline unsigned int namespace_of(const char *kind)
{
	char path[64];
	struct stat status;

	sprintf(path, "/proc/self/ns/%s", kind);
	must(stat(path, &status));
	return status.st_ino;
}

static inline void wait_for(pid_t child)
{
	int status;

	must(waitpid(child, &status, __WALL));
	if (status) {
		fprintf(stderr, "child %d ended with status %x\n", child, status);
		exit(1);
	}
}

static inline int make_file(const char *name)
{
	return must(open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644));
}

/* One part of an act, by the name that a test gives. */
struct part {
	const char *name;
	void (*act)(char **args);
};

static inline int play(const struct part *parts, char **argv)
{
	umask(022);
	must(syscall(SYS_getcwd, here, sizeof(here)));
	for (; parts->name; parts++) {
		if (argv[1] && strcmp(parts->name, argv[1]) == 0) {
			parts->act(argv + 2);
			return 0;
		}
	}
	fprintf(stderr, "no part %s\n", argv[1]);
	return 1;
}
