#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

_Static_assert(sizeof(struct sockaddr_storage) <= sizeof(((struct linux_address *)0)->words), "an address must fit");

static const struct sockaddr *raw(const struct linux_address *address) {
    return (const struct sockaddr *)address->words;
}

static struct linux_result success(int value) {
    return (struct linux_result){.value = value, .failed = LINUX_CALL_NONE};
}

// Closes the descriptor and keeps the errno of the call that failed.
static struct linux_result failure(int call, int descriptor) {
    int error = errno;
    if (descriptor >= 0) close(descriptor);
    return (struct linux_result){.value = error, .failed = call};
}

// Waiting

int32_t linux_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

static int32_t control(int epoll, int operation, int descriptor, uint32_t flags, uint64_t token) {
    struct epoll_event event = {.events = 0, .data.u64 = token};
    if (flags & LINUX_READABLE) event.events |= EPOLLIN;
    if (flags & LINUX_WRITABLE) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, operation, descriptor, &event) < 0 ? -errno : 0;
}

int32_t linux_epoll_add(int32_t epoll, int32_t descriptor, uint32_t flags, uint64_t token) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, flags, token);
}

int32_t linux_epoll_change(int32_t epoll, int32_t descriptor, uint32_t flags, uint64_t token) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, flags, token);
}

int32_t linux_epoll_remove(int32_t epoll, int32_t descriptor) {
    return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int32_t linux_epoll_wait(int32_t epoll, struct linux_ready *ready, int32_t capacity, int32_t milliseconds) {
    struct epoll_event events[64];
    if (capacity > 64) capacity = 64;
    int count = epoll_wait(epoll, events, capacity, milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int index = 0; index < count; index++) {
        uint32_t flags = 0;
        if (events[index].events & EPOLLIN) flags |= LINUX_READABLE;
        if (events[index].events & EPOLLOUT) flags |= LINUX_WRITABLE;
        if (events[index].events & (EPOLLERR | EPOLLHUP)) flags |= LINUX_FAILED;
        ready[index] = (struct linux_ready){.token = events[index].data.u64, .flags = flags};
    }
    return count;
}

int32_t linux_wait(int32_t descriptor, uint32_t flags, int32_t milliseconds) {
    struct pollfd entry = {.fd = descriptor, .events = 0};
    if (flags & LINUX_READABLE) entry.events |= POLLIN;
    if (flags & LINUX_WRITABLE) entry.events |= POLLOUT;
    int64_t deadline = linux_monotonic_milliseconds() + milliseconds;
    for (;;) {
        int count = poll(&entry, 1, milliseconds);
        if (count >= 0) return count > 0;
        if (errno != EINTR) return -errno;
        if (milliseconds < 0) continue;
        int64_t left = deadline - linux_monotonic_milliseconds();
        milliseconds = left > 0 ? (int32_t)left : 0;
    }
}

int32_t linux_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

void linux_eventfd_raise(int32_t descriptor) { (void)eventfd_write(descriptor, 1); }

void linux_eventfd_clear(int32_t descriptor) {
    eventfd_t value;
    (void)eventfd_read(descriptor, &value);
}

// Signals

static volatile sig_atomic_t signal_pipe = -1;

// Runs on any thread at any time: only async-signal-safe calls, and errno is left as it was.
static void signal_arrived(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    if (signal_pipe >= 0) (void)!write(signal_pipe, &byte, 1);
    errno = error;
}

int32_t linux_signals_watch(void) {
    int ends[2];
    if (signal_pipe >= 0) return -EBUSY;
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) return -errno;
    signal_pipe = ends[1];
    struct sigaction action = {.sa_handler = signal_arrived, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    // Whoever started the process may have blocked them; they would wait for ever then.
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
    return ends[0];
}

int32_t linux_signals_next(int32_t descriptor) {
    unsigned char byte;
    return read(descriptor, &byte, 1) == 1 ? byte : 0;
}

void linux_signals_unwatch(int32_t descriptor) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    int other = signal_pipe;
    signal_pipe = -1;
    close(other);
    close(descriptor);
}

// Time

int64_t linux_monotonic_milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t linux_unix_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec;
}

// Addresses

int32_t linux_resolve(const char *host, const char *port, int32_t numeric, int32_t passive,
                      struct linux_address *addresses, int32_t capacity) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    if (numeric) hints.ai_flags |= AI_NUMERICHOST;
    if (passive) hints.ai_flags |= AI_PASSIVE;
    struct addrinfo *list = NULL;
    int code = getaddrinfo(host, port, &hints, &list);
    if (code != 0) return code;
    int32_t count = 0;
    for (struct addrinfo *entry = list; entry != NULL && count < capacity; entry = entry->ai_next) {
        if (entry->ai_addrlen > sizeof addresses->words) continue;
        struct linux_address address = {.length = entry->ai_addrlen};
        memcpy(address.words, entry->ai_addr, entry->ai_addrlen);
        addresses[count++] = address;
    }
    freeaddrinfo(list);
    return count > 0 ? count : EAI_NONAME;
}

const char *linux_resolve_error_text(int32_t code) { return gai_strerror(code); }

// An IPv4 peer of an IPv6 listener has an address of its own again.
static struct linux_address unmapped(const struct linux_address *address) {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address->words;
    if (six->sin6_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) return *address;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = six->sin6_port};
    memcpy(&four.sin_addr, six->sin6_addr.s6_addr + 12, 4);
    struct linux_address result = {.length = sizeof four};
    memcpy(result.words, &four, sizeof four);
    return result;
}

int32_t linux_address_text(const struct linux_address *address, char *host, size_t capacity, uint16_t *port) {
    struct linux_address plain = unmapped(address);
    char digits[8];
    int code = getnameinfo(raw(&plain), plain.length, host, (socklen_t)capacity, digits, sizeof digits,
                           NI_NUMERICHOST | NI_NUMERICSERV);
    if (code != 0) return code;
    unsigned number = 0;
    if (sscanf(digits, "%u", &number) != 1) return EAI_SERVICE;
    *port = (uint16_t)number;
    return 0;
}

// Streams over TCP

struct linux_result linux_tcp_listen(const struct linux_address *address, int32_t backlog) {
    int descriptor = socket(raw(address)->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(LINUX_CALL_SOCKET, -1);
    int on = 1;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) {
        return failure(LINUX_CALL_SETSOCKOPT, descriptor);
    }
    if (bind(descriptor, raw(address), address->length) < 0) return failure(LINUX_CALL_BIND, descriptor);
    if (listen(descriptor, backlog) < 0) return failure(LINUX_CALL_LISTEN, descriptor);
    return success(descriptor);
}

struct linux_result linux_tcp_connect(const struct linux_address *address) {
    int descriptor = socket(raw(address)->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(LINUX_CALL_SOCKET, -1);
    linux_tcp_configure(descriptor);
    int code = connect(descriptor, raw(address), address->length);
    // An interrupted connect of a non-blocking socket goes on by itself.
    if (code < 0 && errno != EINPROGRESS && errno != EINTR) return failure(LINUX_CALL_CONNECT, descriptor);
    return success(descriptor);
}

int32_t linux_accept(int32_t listener, struct linux_address *address) {
    for (;;) {
        socklen_t length = sizeof address->words;
        int descriptor = accept4(listener, (struct sockaddr *)address->words, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        address->length = length;
        if (descriptor >= 0) return descriptor;
        if (errno != EINTR) return -errno;
    }
}

void linux_tcp_configure(int32_t descriptor) {
    int on = 1, idle = 60, interval = 15, probes = 4;
    // Each is an improvement and none is needed: a failure of one is no reason to give up the connection.
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    (void)setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

int32_t linux_socket_error(int32_t descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
    return -error;
}

int32_t linux_socket_address(int32_t descriptor, struct linux_address *address) {
    socklen_t length = sizeof address->words;
    if (getsockname(descriptor, (struct sockaddr *)address->words, &length) < 0) return -errno;
    address->length = length;
    return 0;
}

// Streams over Unix-domain sockets

int32_t linux_open_folder(const char *path) {
    int descriptor = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

// The kernel takes 107 bytes of path; the way through /proc is short however long the folder's own path is.
static int unix_address(int folder, const char *name, struct sockaddr_un *address) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return 0;
}

struct linux_result linux_unix_listen(int32_t folder, const char *name, int32_t backlog) {
    struct sockaddr_un address;
    if (unix_address(folder, name, &address) < 0) return failure(LINUX_CALL_BIND, -1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(LINUX_CALL_SOCKET, -1);
    // The file takes its mode from the socket, so that it is never open to others, not even for a moment.
    if (fchmod(descriptor, 0600) < 0) return failure(LINUX_CALL_FCHMOD, descriptor);
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) < 0) {
        return failure(LINUX_CALL_BIND, descriptor);
    }
    if (listen(descriptor, backlog) < 0) return failure(LINUX_CALL_LISTEN, descriptor);
    return success(descriptor);
}

struct linux_result linux_unix_connect(int32_t folder, const char *name) {
    struct sockaddr_un address;
    if (unix_address(folder, name, &address) < 0) return failure(LINUX_CALL_CONNECT, -1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(LINUX_CALL_SOCKET, -1);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) < 0) {
        return failure(LINUX_CALL_CONNECT, descriptor);
    }
    return success(descriptor);
}

int32_t linux_unix_user(int32_t descriptor, uint32_t *user) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -errno;
    *user = credentials.uid;
    return 0;
}

uint32_t linux_own_user(void) { return geteuid(); }

uint64_t linux_unix_inode(int32_t folder, const char *name) {
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISSOCK(status.st_mode)) return 0;
    return status.st_ino;
}

int32_t linux_unix_unlink(int32_t folder, const char *name) {
    return unlinkat(folder, name, 0) < 0 ? -errno : 0;
}

// Bytes

int64_t linux_receive(int32_t descriptor, void *bytes, size_t capacity) {
    for (;;) {
        ssize_t count = recv(descriptor, bytes, capacity, 0);
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

int64_t linux_send(int32_t descriptor, const void *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(descriptor, bytes, count, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

void linux_shut_down_sending(int32_t descriptor) { (void)shutdown(descriptor, SHUT_WR); }

void linux_close(int32_t descriptor) { (void)close(descriptor); }

void linux_abort(int32_t descriptor) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)close(descriptor);
}

void linux_error_text(int32_t error, char *text, size_t capacity) {
    // The GNU form may return a text of its own instead of filling the buffer.
    const char *result = strerror_r(error, text, capacity);
    if (result != text) snprintf(text, capacity, "%s", result);
}
