#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { KIND_SECRET, KIND_USER, KIND_TEXT, KIND_HOST, KIND_NUMBER, KIND_CHARSET, KIND_URL, KIND_MOUNT,
            KIND_PATH };

struct setting {
    const char *name;
    const char *alias;
    enum kind kind;
    long min;
    long max;
    const char *value_when_absent;
};

static const struct setting table[SETTING_COUNT] = {
    [SOURCE_PASSWORD] = { "ICECAST_SOURCE_PASSWORD", "ICECAST_PASSWORD", KIND_SECRET, 0, 0, NULL },
    [ADMIN_PASSWORD] = { "ICECAST_ADMIN_PASSWORD", "ICECAST_PASSWORD", KIND_SECRET, 0, 0, NULL },
    [RELAY_PASSWORD] = { "ICECAST_RELAY_PASSWORD", "ICECAST_PASSWORD", KIND_SECRET, 0, 0, NULL },
    [ADMIN_USERNAME] = { "ICECAST_ADMIN_USERNAME", "ICECAST_ADMIN_USER", KIND_USER, 0, 0, "admin" },
    [ADMIN_EMAIL] = { "ICECAST_ADMIN_EMAIL", "ICECAST_ADMIN", KIND_TEXT, 0, 0, "root@localhost" },
    [LOCATION] = { "ICECAST_LOCATION", NULL, KIND_TEXT, 0, 0, "Zero OS" },
    [HOSTNAME] = { "ICECAST_HOSTNAME", NULL, KIND_HOST, 0, 0, NULL },
    [PORT] = { "ICECAST_PORT", NULL, KIND_NUMBER, 1, 65535, "8000" },
    [MAX_CLIENTS] = { "ICECAST_MAX_CLIENTS", NULL, KIND_NUMBER, 1, 100000, "100" },
    [MAX_SOURCES] = { "ICECAST_MAX_SOURCES", NULL, KIND_NUMBER, 1, 100000, "2" },
    [BURST_SIZE] = { "ICECAST_BURST_SIZE", NULL, KIND_NUMBER, 0, 67108864, "65535" },
    [QUEUE_SIZE] = { "ICECAST_QUEUE_SIZE", NULL, KIND_NUMBER, 4096, 1073741824, "524288" },
    [SOURCE_TIMEOUT] = { "ICECAST_SOURCE_TIMEOUT", NULL, KIND_NUMBER, 1, 86400, "10" },
    [CLIENT_TIMEOUT] = { "ICECAST_CLIENT_TIMEOUT", NULL, KIND_NUMBER, 1, 86400, "30" },
    [HEADER_TIMEOUT] = { "ICECAST_HEADER_TIMEOUT", NULL, KIND_NUMBER, 1, 86400, "15" },
    [CHARSET] = { "ICECAST_CHARSET", NULL, KIND_CHARSET, 0, 0, NULL },
    [YP_URL] = { "ICECAST_YP_URL", NULL, KIND_URL, 0, 0, NULL },
    [LOGLEVEL] = { "ICECAST_LOGLEVEL", NULL, KIND_NUMBER, 1, 4, "3" },
    [MOUNT] = { "ICECAST_MOUNT", NULL, KIND_MOUNT, 0, 0, NULL },
    [TLS_CERT] = { "ICECAST_TLS_CERT", NULL, KIND_PATH, 0, 0, NULL },
};

/* What the server was built with; a setting that needs more must not be taken for done. */
#ifdef FEATURE_TLS
static const bool has_tls = true;
#else
static const bool has_tls = false;
#endif
#ifdef FEATURE_CURL
static const bool has_directories = true;
#else
static const bool has_directories = false;
#endif

/* Prints a fault of the setting `name`; never the value of a secret. */
__attribute__((format(printf, 2, 3))) static int fault(const char *name, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "launcher: %s ", name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return 1;
}

/* Reads a secret from a file, without the line end that editors add. Returns NULL after printing the fault. */
static char *read_secret(const char *name, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        fault(name, "names a file that cannot be read: %s", strerror(errno));
        return NULL;
    }
    char *text = calloc(1, MAX_FILE + 1);
    ssize_t length = 0;
    ssize_t more = 1;
    while (text != NULL && more > 0 && length < MAX_FILE) {
        more = read(file, text + length, (size_t)(MAX_FILE - length));
        length += more > 0 ? more : 0;
    }
    close(file);
    if (text == NULL || more != 0 || strlen(text) != (size_t)length) {
        fault(name, "names a file that cannot be read, has zero bytes or is longer than %d", MAX_FILE - 1);
        free(text);
        return NULL;
    }
    if (length > 0 && text[length - 1] == '\n')
        text[--length] = 0;
    if (length > 0 && text[length - 1] == '\r')
        text[--length] = 0;
    return text;
}

/* Finds the value of `name`, for a secret also in the file that `name`_FILE names. Returns the number of faults. */
static int look_up(const char *name, bool secret, const char **value)
{
    char file_name[64];
    snprintf(file_name, sizeof file_name, "%s_FILE", name);
    const char *direct = getenv(name);
    const char *path = secret ? getenv(file_name) : NULL;
    if (direct != NULL && path != NULL)
        return fault(name, "and %s are both set: keep one", file_name);
    if (path != NULL) {
        *value = read_secret(file_name, path);
        return *value == NULL ? 1 : 0;
    }
    *value = direct;
    return 0;
}

static int check_secret(const char *name, const char *value)
{
    if (strcmp(value, "hackme") == 0)
        return fault(name, "is the well-known sample password: choose another");
    return 0;
}

static int check_number(const struct setting *setting, const char *name, const char *value)
{
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    bool digits = value[0] >= '0' && value[0] <= '9' && *end == 0 && errno == 0;
    if (!digits || number < setting->min || number > setting->max)
        return fault(name, "must be a number from %ld to %ld, not '%s'", setting->min, setting->max, value);
    return 0;
}

/* The status page writes a text of this shape as a bare JSON number, which then is no JSON. */
static bool looks_like_number(const char *value)
{
    return strspn(value, "-.0123456789") == strlen(value);
}

static int check_host(const char *name, const char *value)
{
    if (!text_is_host(value))
        return fault(name, "must be a host name without scheme and port, not '%s'", value);
    if (looks_like_number(value) && !text_is_ipv4(value))
        return fault(name, "must have a letter or be an IP address: '%s'", value);
    return 0;
}

static int check_url(const char *name, const char *value)
{
    if (!has_directories)
        return fault(name, "needs YP directories, which this server was built without");
    return text_is_url(value) ? 0 : fault(name, "must be an http or https address, not '%s'", value);
}

static int check_certificate_path(const char *name, const char *value)
{
    if (!has_tls)
        return fault(name, "needs TLS, which this server was built without");
    return value[0] == '/' ? 0 : fault(name, "must be an absolute path, not '%s'", value);
}

static int check_kind(const struct setting *setting, const char *name, const char *value)
{
    switch (setting->kind) {
    case KIND_SECRET:
        return check_secret(name, value);
    case KIND_NUMBER:
        return check_number(setting, name, value);
    case KIND_USER:
        return strchr(value, ':') == NULL ? 0 : fault(name, "must not have a colon: '%s'", value);
    case KIND_TEXT:
        return !looks_like_number(value) ? 0 : fault(name, "must have a letter: '%s'", value);
    case KIND_HOST:
        return check_host(name, value);
    case KIND_CHARSET:
        return text_consists_of(value, "._:-") && strlen(value) <= 40 ? 0
             : fault(name, "must be the name of a character set, not '%s'", value);
    case KIND_URL:
        return check_url(name, value);
    case KIND_MOUNT:
        return value[0] == '/' && value[1] != 0 && text_consists_of(value, "/._~-") ? 0
             : fault(name, "must be a path such as /stream.ogg, not '%s'", value);
    case KIND_PATH:
        return check_certificate_path(name, value);
    }
    return 0;
}

static int check(const struct setting *setting, const char *name, const char *value)
{
    if (value[0] == 0)
        return fault(name, "is empty: give it a value or leave it out");
    if (strlen(value) > MAX_TEXT)
        return fault(name, "has more than %d bytes", MAX_TEXT);
    if (!text_is_valid_utf8(value))
        return fault(name, "is not valid UTF-8");
    if (text_has_control(value))
        return fault(name, "has a control character");
    return check_kind(setting, name, value);
}

static int read_setting(const struct setting *setting, const char **value)
{
    bool secret = setting->kind == KIND_SECRET;
    const char *name = setting->name;
    int faults = look_up(name, secret, value);
    if (faults == 0 && *value == NULL && setting->alias != NULL) {
        name = setting->alias;
        faults = look_up(name, secret, value);
    }
    if (faults != 0)
        return faults;
    if (*value == NULL) {
        *value = setting->value_when_absent;
        return 0;
    }
    return check(setting, name, *value);
}

/* The container's own name, or localhost when that is none. */
static const char *own_host_name(void)
{
    static char name[256];
    if (gethostname(name, sizeof name - 1) != 0 || name[0] == 0 || !text_is_host(name))
        return "localhost";
    return name;
}

static bool is_known(const char *name, size_t length)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        const char *names[] = { table[id].name, table[id].alias };
        for (size_t i = 0; i < 2; i++) {
            size_t known = names[i] == NULL ? 0 : strlen(names[i]);
            bool begins = known > 0 && length >= known && strncmp(name, names[i], known) == 0;
            bool file = table[id].kind == KIND_SECRET && length == known + 5 && strncmp(name + known, "_FILE", 5) == 0;
            if (begins && (length == known || file))
                return true;
        }
    }
    return false;
}

/* A misspelt name would otherwise go unnoticed. */
static void warn_of_unknown(char *const *environment)
{
    for (; *environment != NULL; environment++) {
        size_t length = strcspn(*environment, "=");
        if (strncmp(*environment, "ICECAST_", 8) == 0 && !is_known(*environment, length))
            fprintf(stderr, "launcher: warning: %.*s is not a setting\n", (int)length, *environment);
    }
}

static void warn_of_passwords(const struct settings *settings)
{
    const char *source = settings->values[SOURCE_PASSWORD];
    const char *admin = settings->values[ADMIN_PASSWORD];
    if (source == NULL)
        fprintf(stderr, "launcher: warning: ICECAST_SOURCE_PASSWORD is not set: every source is refused\n");
    if (source != NULL && admin != NULL && strcmp(source, admin) == 0)
        fprintf(stderr, "launcher: warning: sources and the administrator have the same password\n");
}

/* A listener would be sent more at once than is kept for it, and dropped. */
static int check_burst(const struct settings *settings)
{
    long burst = strtol(settings->values[BURST_SIZE], NULL, 10);
    long queue = strtol(settings->values[QUEUE_SIZE], NULL, 10);
    return burst <= queue ? 0
         : fault(table[BURST_SIZE].name, "must not be greater than %s: %ld, %ld", table[QUEUE_SIZE].name, burst, queue);
}

int settings_read(struct settings *settings, char *const *environment)
{
    int faults = 0;
    warn_of_unknown(environment);
    for (int id = 0; id < SETTING_COUNT; id++) {
        settings->values[id] = NULL;
        faults += read_setting(&table[id], &settings->values[id]);
    }
    if (faults == 0)
        faults = check_burst(settings);
    if (faults == 0)
        warn_of_passwords(settings);
    if (settings->values[HOSTNAME] == NULL)
        settings->values[HOSTNAME] = own_host_name();
    return faults;
}
