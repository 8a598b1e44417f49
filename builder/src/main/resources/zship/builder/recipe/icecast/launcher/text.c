#include "launcher.h"

#include <arpa/inet.h>
#include <string.h>

/* Reads one UTF-8 character; returns its length, or 0 when the bytes are none (RFC 3629). */
static size_t next_character(const unsigned char *text, unsigned long *code)
{
    static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xc0 ? 0 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3
                  : text[0] < 0xf8 ? 4 : 0;
    if (length == 0)
        return 0;
    *code = length == 1 ? text[0] : text[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (text[i] & 0x3f);
    }
    if (*code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return length;
}

/* Tells whether the text is UTF-8 that XML 1.0 can hold. */
bool text_is_valid_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != 0) {
        unsigned long code;
        size_t length = next_character(at, &code);
        if (length == 0 || code == 0xfffe || code == 0xffff)
            return false;
        at += length;
    }
    return true;
}

/* Tells whether valid UTF-8 holds a control character: 0 to 31, 127 to 159. */
bool text_has_control(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at != 0) {
        unsigned long code = 0;
        at += next_character(at, &code);
        if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
            return true;
    }
    return false;
}

/* Tells whether all characters are ASCII letters, digits or among extra_characters. */
bool text_consists_of(const char *text, const char *extra_characters)
{
    for (; *text != 0; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
        bool digit = *text >= '0' && *text <= '9';
        if (!letter && !digit && strchr(extra_characters, *text) == NULL)
            return false;
    }
    return true;
}

/* Tells whether the text is an IPv4 address. */
bool text_is_ipv4(const char *text)
{
    unsigned char address[sizeof(struct in_addr)];
    return inet_pton(AF_INET, text, address) == 1;
}

/* Tells whether the text is a host name or an IP address, without scheme and port. */
bool text_is_host(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET6, text, address) == 1)
        return true;
    bool edges = text[0] != '.' && text[0] != '-' && strstr(text, "..") == NULL;
    return edges && strlen(text) <= 253 && text_consists_of(text, "._-");
}

/* Tells whether the text is an http or https address of printable ASCII. */
bool text_is_url(const char *text)
{
    size_t scheme = strncmp(text, "http://", 7) == 0 ? 7 : strncmp(text, "https://", 8) == 0 ? 8 : 0;
    if (scheme == 0 || text[scheme] == 0 || text[scheme] == '/')
        return false;
    for (; *text != 0; text++) {
        if (*text <= ' ' || *text >= 0x7f)
            return false;
    }
    return true;
}
