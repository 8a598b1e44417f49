/* A small service that answers as Icecast does: a status page, and sources with a password from the environment. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void base64(const char *in, char *out) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t length = strlen(in);
    for (size_t i = 0; i < length; i += 3) {
        unsigned block = (unsigned char) in[i] << 16;
        block |= i + 1 < length ? (unsigned char) in[i + 1] << 8 : 0;
        block |= i + 2 < length ? (unsigned char) in[i + 2] : 0;
        *out++ = digits[block >> 18];
        *out++ = digits[block >> 12 & 63];
        *out++ = i + 1 < length ? digits[block >> 6 & 63] : '=';
        *out++ = i + 2 < length ? digits[block & 63] : '=';
    }
    *out = 0;
}

static void serve(int client, const char *expected) {
    char request[8192];
    size_t used = 0;
    while (used < sizeof request - 1) {
        ssize_t got = read(client, request + used, sizeof request - 1 - used);
        if (got <= 0) {
            return;
        }
        used += (size_t) got;
        request[used] = 0;
        if (strstr(request, "\r\n\r\n")) {
            break;
        }
    }
    const char *answer = "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 16\r\n\r\n{\"icestats\":{} }";
    if (strncmp(request, "PUT ", 4) == 0) {
        answer = strstr(request, expected) ? "HTTP/1.1 100 Continue\r\n\r\n"
                                           : "HTTP/1.0 401 Authentication Required\r\nContent-Length: 0\r\n\r\n";
    }
    if (write(client, answer, strlen(answer)) < 0) {
        perror("write");
    }
}

int main(void) {
    char credentials[600], encoded[1000], expected[1100];
    const char *password = getenv("ICECAST_SOURCE_PASSWORD");
    snprintf(credentials, sizeof credentials, "source:%s", password ? password : "");
    base64(credentials, encoded);
    snprintf(expected, sizeof expected, "Authorization: Basic %s\r\n", encoded);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (getenv("RADIO_FAILS")) {
        printf("reading the password %s\n", password);
        fprintf(stderr, "FATAL: no transmitter\n");
        return 3;
    }
    printf("radio on air\n");
    if (getenv("RADIO_DEAF")) {
        pause();
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8000)};
    address.sin_addr.s_addr = htonl(getenv("RADIO_LOOPBACK") ? INADDR_LOOPBACK : INADDR_ANY);
    int server = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *) &address, sizeof address) || listen(server, 128)) {
        perror("listen");
        return 1;
    }
    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client >= 0) {
            serve(client, expected);
            shutdown(client, SHUT_WR);
            close(client);
        }
    }
}
