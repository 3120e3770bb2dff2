/*
 * A server on the loopback interface: a thread of the test accepts one connection after another, reads one request from
 * each, and answers as the test says. It is told to stop, and gives up by itself after ten seconds.
 */
#ifndef RLM_HTTP_SERVER_H
#define RLM_HTTP_SERVER_H

#include "base/caps.h"
#include "fetch/http.h"
#include "test.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GIVE_UP_MS 10000

typedef struct test_server test_server;
struct test_server {
    const char *answer;                         /* what is sent to each request, whole */
    const char *(*choose)(test_server *server); /* gives it for `request` instead; NULL: `answer` it is */
    bool floods;                                /* after it, sends "x" until the other side closes */
    bool stalls;                                /* after it, keeps the connection open and says nothing */
    int listener;
    int port;
    atomic_bool stop;
    atomic_int requests;
    char request[4096]; /* the last one */
    pthread_t thread;
};

static inline bool
readable(int descriptor, const test_server *server)
{
    for (int waited = 0; waited < GIVE_UP_MS && !atomic_load(&server->stop); waited += 20) {
        struct pollfd ready = {.fd = descriptor, .events = POLLIN};

        if (poll(&ready, 1, 20) > 0) return true;
    }
    return false;
}

static inline bool
send_all(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);

        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t) sent;
    }
    return true;
}

static inline void
answer(test_server *server, int connection)
{
    static char filler[1 << 16];
    size_t length = 0;

    server->request[0] = '\0';
    while (strstr(server->request, "\r\n\r\n") == NULL && length < sizeof server->request - 1 &&
           readable(connection, server)) {
        ssize_t got = recv(connection, server->request + length, sizeof server->request - 1 - length, 0);

        if (got <= 0) return;
        length += (size_t) got;
        server->request[length] = '\0';
    }
    atomic_fetch_add(&server->requests, 1);
    if (server->choose != NULL) server->answer = server->choose(server);
    if (!send_all(connection, server->answer, strlen(server->answer))) return;
    memset(filler, 'x', sizeof filler);
    while (server->floods && !atomic_load(&server->stop) && send_all(connection, filler, sizeof filler)) {}
    if (server->stalls) readable(connection, server);
}

static inline void *
serve(void *context)
{
    test_server *server = context;

    while (readable(server->listener, server)) {
        int connection = accept(server->listener, NULL, NULL);

        if (connection < 0) break;
        answer(server, connection);
        close(connection);
    }
    return NULL;
}

/* Take a port, once. */
static inline bool
server_listen(test_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *) &address, size) != 0) return false;
    if (listen(server->listener, 8) != 0 || getsockname(server->listener, (struct sockaddr *) &address, &size) != 0)
        return false;
    server->port = ntohs(address.sin_port);
    return true;
}

/* Answer on that port, from here on until server_pause. */
static inline bool
server_serve(test_server *server)
{
    atomic_store(&server->stop, false);
    return pthread_create(&server->thread, NULL, serve, server) == 0;
}

static inline void
server_pause(test_server *server)
{
    atomic_store(&server->stop, true);
    pthread_join(server->thread, NULL);
}

static inline bool
server_start(test_server *server)
{
    return server_listen(server) && server_serve(server);
}

static inline void
server_stop(test_server *server)
{
    server_pause(server);
    close(server->listener);
}

/* In main, before any test: false says why on stdout. */
static inline bool
library_ready(void)
{
    rlm_error error;

    if (rlm_http_load(&error) == RLM_OK) return true;
    printf("%s\n", error.message);
    return false;
}

#endif
