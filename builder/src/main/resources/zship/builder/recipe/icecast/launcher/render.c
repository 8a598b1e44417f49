#include "launcher.h"

/* Writes text so that an XML parser reads back exactly the same; it must be valid UTF-8 without control characters. */
static void write_escaped(const char *text, FILE *out)
{
    for (; *text != 0; text++) {
        switch (*text) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&apos;", out); break;
        default: fputc(*text, out);
        }
    }
}

/* Writes an element, indented, unless its value is absent: an empty number would crash Icecast's parser. */
static void element(int indent, const char *name, const char *value, FILE *out)
{
    if (value == NULL)
        return;
    fprintf(out, "%*s<%s>", indent, "", name);
    write_escaped(value, out);
    fprintf(out, "</%s>\n", name);
}

static void limits(const char *const *values, FILE *out)
{
    fputs("  <limits>\n", out);
    element(4, "clients", values[MAX_CLIENTS], out);
    element(4, "sources", values[MAX_SOURCES], out);
    element(4, "queue-size", values[QUEUE_SIZE], out);
    element(4, "client-timeout", values[CLIENT_TIMEOUT], out);
    element(4, "header-timeout", values[HEADER_TIMEOUT], out);
    element(4, "source-timeout", values[SOURCE_TIMEOUT], out);
    element(4, "burst-size", values[BURST_SIZE], out);
    fputs("  </limits>\n", out);
}

static void authentication(const char *const *values, FILE *out)
{
    fputs("  <authentication>\n", out);
    element(4, "source-password", values[SOURCE_PASSWORD], out);
    element(4, "relay-password", values[RELAY_PASSWORD], out);
    if (values[ADMIN_PASSWORD] != NULL)
        element(4, "admin-user", values[ADMIN_USERNAME], out);
    element(4, "admin-password", values[ADMIN_PASSWORD], out);
    fputs("  </authentication>\n", out);
}

static void listen_socket(const char *const *values, FILE *out)
{
    fputs("  <listen-socket>\n", out);
    element(4, "port", values[PORT], out);
    element(4, "ssl", values[TLS_CERT] == NULL ? NULL : "1", out);
    fputs("  </listen-socket>\n", out);
}

static void mounts(const char *const *values, FILE *out)
{
    if (values[CHARSET] != NULL) {
        fputs("  <mount type=\"default\">\n", out);
        element(4, "charset", values[CHARSET], out);
        fputs("  </mount>\n", out);
    }
    if (values[MOUNT] != NULL) {
        fputs("  <mount type=\"normal\">\n", out);
        element(4, "mount-name", values[MOUNT], out);
        element(4, "charset", values[CHARSET], out);
        fputs("  </mount>\n", out);
    }
}

static void directory(const char *const *values, FILE *out)
{
    if (values[YP_URL] == NULL)
        return;
    fputs("  <directory>\n", out);
    element(4, "yp-url-timeout", "15", out);
    element(4, "yp-url", values[YP_URL], out);
    fputs("  </directory>\n", out);
}

static void paths(const char *const *values, FILE *out)
{
    fputs("  <paths>\n", out);
    element(4, "basedir", "/share/icecast", out);
    element(4, "logdir", "/var/log/icecast", out);
    element(4, "webroot", "/share/icecast/web", out);
    element(4, "adminroot", "/share/icecast/admin", out);
    fputs("    <alias source=\"/\" destination=\"/status.xsl\"/>\n", out);
    element(4, "ssl-certificate", values[TLS_CERT], out);
    fputs("  </paths>\n", out);
}

void render(const struct settings *settings, FILE *out)
{
    const char *const *values = settings->values;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<icecast>\n", out);
    element(2, "location", values[LOCATION], out);
    element(2, "admin", values[ADMIN_EMAIL], out);
    element(2, "hostname", values[HOSTNAME], out);
    limits(values, out);
    authentication(values, out);
    listen_socket(values, out);
    mounts(values, out);
    directory(values, out);
    element(2, "fileserve", "1", out);
    paths(values, out);
    fputs("  <logging>\n", out);
    element(4, "accesslog", "-", out);
    element(4, "errorlog", "-", out);
    element(4, "loglevel", values[LOGLEVEL], out);
    element(4, "logsize", "0", out);
    fputs("  </logging>\n  <security>\n", out);
    element(4, "chroot", "0", out);
    fputs("  </security>\n</icecast>\n", out);
}
