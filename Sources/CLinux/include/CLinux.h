// What Linux offers and Swift's Glibc module does not, and the socket calls whose C forms need casts.
// Conventions: descriptors are non-blocking and close-on-exec unless said otherwise; interrupted calls are
// repeated; a failure is a negative errno, or a linux_result that also names the call.
#pragma once
#include <stddef.h>
#include <stdint.h>

// A socket address of any family, in the kernel's form.
struct linux_address {
    uint32_t length;
    uint32_t padding;
    uint64_t words[16];
};

// What a call of several steps gave.
struct linux_result {
    int32_t value;  // a descriptor, else the errno of the failed step
    int32_t failed;  // which step failed, one of LINUX_CALL_…
};

enum {
    LINUX_CALL_NONE = 0,
    LINUX_CALL_SOCKET = 1,
    LINUX_CALL_SETSOCKOPT = 2,
    LINUX_CALL_FCHMOD = 3,
    LINUX_CALL_BIND = 4,
    LINUX_CALL_LISTEN = 5,
    LINUX_CALL_CONNECT = 6,
};

// One descriptor that is ready: the token it was registered under, and LINUX_… flags.
struct linux_ready {
    uint64_t token;
    uint32_t flags;
    uint32_t padding;
};

enum {
    LINUX_READABLE = 1,  // data, an end of stream or a connection to accept
    LINUX_WRITABLE = 2,
    LINUX_FAILED = 4,  // error or hang-up; always reported, whether asked for or not
};

// Waiting.
int32_t linux_epoll_create(void);
int32_t linux_epoll_add(int32_t epoll, int32_t descriptor, uint32_t flags, uint64_t token);
int32_t linux_epoll_change(int32_t epoll, int32_t descriptor, uint32_t flags, uint64_t token);
int32_t linux_epoll_remove(int32_t epoll, int32_t descriptor);
// The number of entries filled in; 0 after `milliseconds` (-1: no limit) or when a signal arrived.
int32_t linux_epoll_wait(int32_t epoll, struct linux_ready *ready, int32_t capacity, int32_t milliseconds);
// Waits for one descriptor: 1 ready, 0 timed out.
int32_t linux_wait(int32_t descriptor, uint32_t flags, int32_t milliseconds);
int32_t linux_eventfd(void);
void linux_eventfd_raise(int32_t descriptor);
void linux_eventfd_clear(int32_t descriptor);

// Signals: one watcher per process. The descriptor becomes readable at SIGTERM and SIGINT; SIGPIPE is ignored.
int32_t linux_signals_watch(void);
// The number of the next signal that arrived, 0 when there is none.
int32_t linux_signals_next(int32_t descriptor);
void linux_signals_unwatch(int32_t descriptor);

// Time.
int64_t linux_monotonic_milliseconds(void);
int64_t linux_unix_seconds(void);

// Addresses.
// Fills at most `capacity` addresses for a stream to host and port; the number of them, or a negative EAI_… code.
int32_t linux_resolve(const char *host, const char *port, int32_t numeric, int32_t passive,
                      struct linux_address *addresses, int32_t capacity);
const char *linux_resolve_error_text(int32_t code);
// Writes the numeric host and port; 0, or a negative EAI_… code. IPv4 within IPv6 is written as IPv4.
int32_t linux_address_text(const struct linux_address *address, char *host, size_t capacity, uint16_t *port);

// Streams over TCP.
struct linux_result linux_tcp_listen(const struct linux_address *address, int32_t backlog);
// Begins to connect; the descriptor becomes writable when that has ended, and linux_socket_error tells how.
struct linux_result linux_tcp_connect(const struct linux_address *address);
int32_t linux_accept(int32_t listener, struct linux_address *address);
void linux_tcp_configure(int32_t descriptor);
int32_t linux_socket_error(int32_t descriptor);
int32_t linux_socket_address(int32_t descriptor, struct linux_address *address);

// Streams over Unix-domain sockets, named by an open folder and a name in it, so that long paths work.
int32_t linux_open_folder(const char *path);
struct linux_result linux_unix_listen(int32_t folder, const char *name, int32_t backlog);
struct linux_result linux_unix_connect(int32_t folder, const char *name);
int32_t linux_unix_user(int32_t descriptor, uint32_t *user);
uint32_t linux_own_user(void);
// The inode number of the socket of this name, 0 when there is none or it is something else.
uint64_t linux_unix_inode(int32_t folder, const char *name);
int32_t linux_unix_unlink(int32_t folder, const char *name);

// Bytes.
int64_t linux_receive(int32_t descriptor, void *bytes, size_t capacity);
int64_t linux_send(int32_t descriptor, const void *bytes, size_t count);
void linux_shut_down_sending(int32_t descriptor);
void linux_close(int32_t descriptor);
// Closes at once: the peer gets a reset, unsent bytes are dropped.
void linux_abort(int32_t descriptor);

void linux_error_text(int32_t error, char *text, size_t capacity);
