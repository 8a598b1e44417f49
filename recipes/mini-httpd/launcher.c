/* Starts mini_httpd with the settings of the environment. */
#include <crypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { SERVICE_USER = 1000, MAX_PASSWORD = 256, EXIT_CONFIG = 78 };

static const char server[] = "/bin/mini_httpd";
static const char passwords[] = "/run/httpd.passwd";
static const char temporary[] = "/run/.httpd.passwd.new";

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "launcher: %s: %s\n", what, strerror(errno));
    exit(1);
}

static _Noreturn void refuse(const char *name, const char *why)
{
    fprintf(stderr, "launcher: %s %s\n", name, why);
    exit(EXIT_CONFIG);
}

static const char *setting(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? otherwise : value;
}

static const char *port(void)
{
    const char *text = setting("HTTPD_PORT", "8080");
    char *end;
    long number = strtol(text, &end, 10);
    if (*end != '\0' || number < 1 || number > 65535)
        refuse("HTTPD_PORT", "must be a number from 1 to 65535");
    return text;
}

/* The server cuts passwords at a colon and ends names with one. */
static void check(const char *name, const char *text)
{
    if (strlen(text) > MAX_PASSWORD)
        refuse(name, "is longer than 256 bytes");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ':' || (unsigned char)*at < ' ' || *at == 0x7f)
            refuse(name, "must not have colons or control characters");
    }
}

static const char *hash(const char *password)
{
    static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    unsigned char noise[16];
    char salt[sizeof noise + 5] = "$6$";
    if (getrandom(noise, sizeof noise, 0) != (ssize_t)sizeof noise)
        fail("cannot get random numbers");
    for (size_t i = 0; i < sizeof noise; i++)
        salt[3 + i] = digits[noise[i] % 64];
    salt[3 + sizeof noise] = '$';
    const char *hashed = crypt(password, salt);
    if (hashed == NULL || *hashed == '*')
        fail("cannot hash HTTPD_PASSWORD");
    return hashed;
}

/* Without a password the file is empty, and nobody gets in. */
static void write_passwords(const char *user, const char *password)
{
    if (unlink(temporary) != 0 && errno != ENOENT)
        fail("cannot replace /run/.httpd.passwd.new");
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        fail("cannot write to /run, which must be writable");
    if (geteuid() == 0 && fchown(file, SERVICE_USER, SERVICE_USER) != 0)
        fail("cannot give the password to the service's user");
    FILE *out = fdopen(file, "w");
    if (out == NULL)
        fail("cannot write the password");
    if (*password != '\0')
        fprintf(out, "%s:%s\n", user, hash(password));
    if (fclose(out) != 0 || rename(temporary, passwords) != 0)
        fail("cannot write /run/httpd.passwd");
}

int main(void)
{
    const char *listen = port();
    const char *user = setting("HTTPD_USER", "admin");
    const char *password = setting("HTTPD_PASSWORD", "");
    check("HTTPD_USER", user);
    check("HTTPD_PASSWORD", password);
    write_passwords(user, password);
    char *const command[] = { "mini_httpd", "-D", "-u", "httpd", "-d", "/srv/www", "-p", (char *)listen, "-l",
        access("/dev/stdout", W_OK) == 0 ? "/dev/stdout" : "/dev/null", NULL };
    char *const environment[] = { NULL };
    execve(server, command, environment);
    fail("cannot start /bin/mini_httpd");
}
