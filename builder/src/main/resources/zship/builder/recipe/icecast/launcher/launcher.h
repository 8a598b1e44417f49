/* Starts Icecast with settings taken from the container's environment. */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit statuses of sysexits.h that are used here. */
enum { EXIT_USAGE = 64, EXIT_SYSTEM = 71, EXIT_CONFIG = 78 };

enum { MAX_TEXT = 256, MAX_FILE = 4096 };

/* One per setting; the order is that of the table in settings.c. */
enum setting_id {
    SOURCE_PASSWORD,
    ADMIN_PASSWORD,
    RELAY_PASSWORD,
    ADMIN_USERNAME,
    ADMIN_EMAIL,
    LOCATION,
    HOSTNAME,
    PORT,
    MAX_CLIENTS,
    MAX_SOURCES,
    BURST_SIZE,
    QUEUE_SIZE,
    SOURCE_TIMEOUT,
    CLIENT_TIMEOUT,
    HEADER_TIMEOUT,
    CHARSET,
    YP_URL,
    LOGLEVEL,
    MOUNT,
    TLS_CERT,
    SETTING_COUNT
};

/* The value of each setting; NULL when it is absent. */
struct settings {
    const char *values[SETTING_COUNT];
};

/* settings.c: reads and validates the environment; prints each fault and returns how many there are. */
int settings_read(struct settings *settings, char *const *environment);

/* render.c: writes the whole configuration as XML. */
void render(const struct settings *settings, FILE *out);

/* text.c: what a text may look like. */
bool text_is_valid_utf8(const char *text);
bool text_has_control(const char *text);
bool text_consists_of(const char *text, const char *extra_characters);
bool text_is_ipv4(const char *text);
bool text_is_host(const char *text);
bool text_is_url(const char *text);

#endif
