#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char server[] = "/bin/icecast";
static const char configuration[] = "/run/icecast.xml";
static const char temporary[] = "/run/.icecast.xml.new";

enum { SERVICE_USER = 1000, SERVICE_GROUP = 1000 };

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "launcher: %s: %s\n", what, strerror(errno));
    exit(EXIT_SYSTEM);
}

/* Writes the configuration so that only the service's user can read it; it is whole or not there. */
static void write_configuration(const struct settings *settings)
{
    if (unlink(temporary) != 0 && errno != ENOENT)
        fail("cannot replace /run/.icecast.xml.new");
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        fail("cannot write to /run, which must be writable");
    if (geteuid() == 0 && fchown(file, SERVICE_USER, SERVICE_GROUP) != 0)
        fail("cannot give the configuration to the service's user");
    FILE *out = fdopen(file, "w");
    if (out == NULL)
        fail("cannot write the configuration");
    render(settings, out);
    if (fclose(out) != 0 || rename(temporary, configuration) != 0)
        fail("cannot write /run/icecast.xml");
}

/* Gives up all rights of root for good. */
static void become_service_user(void)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        fail("cannot give up new rights");
    if (geteuid() != 0)
        return;
    if (setgroups(0, NULL) != 0 || setresgid(SERVICE_GROUP, SERVICE_GROUP, SERVICE_GROUP) != 0
            || setresuid(SERVICE_USER, SERVICE_USER, SERVICE_USER) != 0)
        fail("cannot become user 1000");
    if (setuid(0) == 0) {
        fprintf(stderr, "launcher: could become root again\n");
        exit(EXIT_SYSTEM);
    }
}

static void check_certificate(const struct settings *settings)
{
    const char *path = settings->values[TLS_CERT];
    if (path != NULL && access(path, R_OK) != 0) {
        fprintf(stderr, "launcher: ICECAST_TLS_CERT '%s' cannot be read by user %u: %s\n", path, (unsigned)getuid(),
                strerror(errno));
        exit(EXIT_CONFIG);
    }
}

/* The server does not need the settings again, and its environment can be read in /proc. */
static void remove_settings(char **environment)
{
    char **kept = environment;
    for (char **at = environment; *at != NULL; at++) {
        if (strncmp(*at, "ICECAST_", 8) != 0)
            *kept++ = *at;
    }
    *kept = NULL;
}

int main(int count, char **arguments)
{
    bool print = count == 2 && strcmp(arguments[1], "--print") == 0;
    if (count > 1 && !print) {
        fprintf(stderr, "usage: launcher [--print]\n"
                        "Starts Icecast with the settings of the environment (ICECAST_...).\n"
                        "--print writes the configuration, passwords included, to the standard output instead.\n");
        return EXIT_USAGE;
    }
    struct settings settings;
    int faults = settings_read(&settings, environ);
    if (faults != 0) {
        fprintf(stderr, "launcher: %d fault%s in the settings, Icecast is not started\n", faults, faults == 1 ? "" : "s");
        return EXIT_CONFIG;
    }
    if (print) {
        render(&settings, stdout);
        return fflush(stdout) == 0 ? 0 : EXIT_SYSTEM;
    }
    write_configuration(&settings);
    become_service_user();
    check_certificate(&settings);
    remove_settings(environ);
    char *const command[] = { "icecast", "-c", (char *)configuration, NULL };
    execve(server, command, environ);
    fail("cannot start /bin/icecast");
}
