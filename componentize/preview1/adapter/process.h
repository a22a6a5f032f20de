// Arguments, clocks, waiting, random numbers, sockets, and the end.

// --- arguments and environment ---

// A string that the host returned.
typedef struct {
	u8 *data;
	u32 len;
} string_t;

EXPORT("args_sizes_get") u32 args_sizes_get(at count, at size) {
	BEGIN;
	get_arguments(&ret);
	string_t *list = (string_t *)ret32(0);
	u32 n = ret32(4), total = 0;
	for (u32 i = 0; i < n; i++) total += list[i].len + 1;
	store32(count, n);
	store32(size, total);
	return OK;
}

EXPORT("args_get") u32 args_get(at argv, at buf) {
	BEGIN;
	get_arguments(&ret);
	string_t *list = (string_t *)ret32(0);
	u32 n = ret32(4);
	for (u32 i = 0; i < n; i++) {
		store32(argv + 4 * i, buf);
		copy_out(buf, list[i].data, list[i].len);
		buf += list[i].len;
		store8(buf++, 0);
	}
	return OK;
}

EXPORT("environ_sizes_get") u32 environ_sizes_get(at count, at size) {
	BEGIN;
	get_environment(&ret);
	string_t *list = (string_t *)ret32(0);
	u32 n = ret32(4), total = 0;
	for (u32 i = 0; i < n; i++) total += list[2 * i].len + list[2 * i + 1].len + 2;
	store32(count, n);
	store32(size, total);
	return OK;
}

EXPORT("environ_get") u32 environ_get(at environ, at buf) {
	BEGIN;
	get_environment(&ret);
	string_t *list = (string_t *)ret32(0);
	u32 n = ret32(4);
	for (u32 i = 0; i < n; i++) {
		store32(environ + 4 * i, buf);
		string_t key = list[2 * i], value = list[2 * i + 1];
		copy_out(buf, key.data, key.len);
		buf += key.len;
		store8(buf++, '=');
		copy_out(buf, value.data, value.len);
		buf += value.len;
		store8(buf++, 0);
	}
	return OK;
}

// --- clocks ---

static u64 wall(void) {
	wall_now(&ret);
	return ret64(0) * 1000000000ull + ret32(8);
}

EXPORT("clock_res_get") u32 clock_res_get(u32 id, at out) {
	if (id > CLOCK_MONOTONIC) return INVAL;
	if (in_realloc) {
		store64(out, 1);
	} else if (id == CLOCK_MONOTONIC) {
		store64(out, monotonic_resolution());
	} else {
		wall_resolution(&ret);
		store64(out, ret64(0) * 1000000000ull + ret32(8));
	}
	return OK;
}

EXPORT("clock_time_get") u32 clock_time_get(u32 id, u64 precision, at out) {
	if (id > CLOCK_MONOTONIC) return INVAL;
	if (!in_realloc) {
		if (id == CLOCK_MONOTONIC) last_monotonic = monotonic_now();
		else last_wall = wall();
	}
	u64 last = id == CLOCK_MONOTONIC ? last_monotonic : last_wall;
	store64(out, last ? last : 1);
	return OK;
}

// --- waiting ---

static void store_event(at out, u64 userdata, u32 error, u32 type, u64 nbytes) {
	store64(out, userdata);
	store64(out + 8, error | type << 16);
	store64(out + 16, nbytes);
	store64(out + 24, 0);
}

// subscribe_clock makes a pollable of a clock subscription. It returns an error of preview 1.
static u32 subscribe_clock(at sub, u32 *pollable) {
	u32 id = load32(sub + 16), flags = load16(sub + 40);
	u64 timeout = load64(sub + 24);
	if (id > CLOCK_MONOTONIC || flags > 1) return INVAL;
	if (!(flags & 1)) *pollable = subscribe_duration(timeout);
	else if (id == CLOCK_MONOTONIC) *pollable = subscribe_instant(timeout);
	else {
		u64 now = wall();
		*pollable = subscribe_duration(timeout > now ? timeout - now : 0);
	}
	return OK;
}

// subscribe_fd does the same for a descriptor. Files are always ready: for them it sets *ready.
static u32 subscribe_fd(u32 fd, u32 writing, u32 *pollable, u32 *ready, u64 *nbytes) {
	fd_t *d = get(fd);
	if (!d) return BADF;
	*nbytes = 1;
	if (d->kind == INPUT) {
		if (writing) return BADF;
		*pollable = input_subscribe(d->handle);
	} else if (d->kind == OUTPUT) {
		if (!writing) return BADF;
		*pollable = output_subscribe(d->handle);
	} else {
		*ready = 1;
#if FILES_TOO
		static u64 size;
		if (!writing && d->type == REGULAR && !size_of(d, &size)) *nbytes = size > d->position ? size - d->position : 0;
#endif
	}
	return OK;
}

#define MAX_SUBSCRIPTIONS 65536

EXPORT("poll_oneoff") u32 poll_oneoff(at in, at out, u32 n, at nevents) {
	if (n == 0 || n > MAX_SUBSCRIPTIONS) return INVAL;
	if (in_realloc) {
		// The host cannot be called during an allocation, so a pause ends at once.
		u32 events = 0;
		for (u32 i = 0; i < n; i++) {
			if (load8(in + 48 * i + 8) != 0) continue;
			store_event(out + 32 * events++, load64(in + 48 * i), OK, 0, 0);
		}
		store32(nevents, events);
		return events ? OK : AGAIN;
	}
	BEGIN;
	u32 *pollables = (u32 *)alloc(4 * n, 4), *of = (u32 *)alloc(4 * n, 4);
	u64 *nbytes = (u64 *)alloc(8 * n, 8);
	u32 waiting = 0, events = 0;
	for (u32 i = 0; i < n; i++) {
		at sub = in + 48 * i;
		static u32 ready;
		u32 type = load8(sub + 8), err = INVAL;
		ready = 0;
		if (type == 0) err = subscribe_clock(sub, pollables + waiting);
		else if (type <= 2) err = subscribe_fd(load32(sub + 16), type == 2, pollables + waiting, &ready, nbytes + i);
		if (err || ready) {
			store_event(out + 32 * events++, load64(sub), err, type, ready ? nbytes[i] : 0);
		} else {
			of[waiting++] = i;
		}
	}
	if (waiting && events) {
		// Something is ready already, so only ask which others are ready, without waiting.
		u32 p = subscribe_duration(0);
		pollables = (u32 *)cabi_import_realloc((u8 *)pollables, 4 * n, 4, 4 * (n + 1));
		pollables[waiting] = p;
		poll(pollables, waiting + 1, &ret);
		drop_pollable(p);
	} else if (waiting) {
		poll(pollables, waiting, &ret);
	}
	if (waiting) {
		u32 *done = (u32 *)ret32(0), count = ret32(4);
		for (u32 k = 0; k < count; k++) {
			if (done[k] >= waiting) continue;
			u32 i = of[done[k]];
			u32 type = load8(in + 48 * i + 8);
			store_event(out + 32 * events++, load64(in + 48 * i), OK, type, type ? nbytes[i] : 0);
		}
		for (u32 k = 0; k < waiting; k++) drop_pollable(pollables[k]);
	}
	store32(nevents, events);
	return OK;
}

EXPORT("sched_yield") u32 sched_yield(void) { return OK; }

// --- random numbers ---

EXPORT("random_get") u32 random_get(at buf, u32 len) {
	if (in_realloc) {
		// These numbers are not secret. They seed hash tables that a module makes during an allocation.
		static u64 state;
		for (; len; len--) {
			state = (state ^ last_monotonic ^ last_wall) * 6364136223846793005ull + 1442695040888963407ull;
			store8(buf++, state >> 56);
		}
		return OK;
	}
	while (len) {
		BEGIN;
		u32 n = len < 65536 ? len : 65536;
		get_random_bytes(n, &ret);
		copy_out(buf, (u8 *)ret32(0), n);
		buf += n;
		len -= n;
	}
	return OK;
}

// --- sockets: a component has no descriptors of sockets from the start ---

static u32 no_socket(u32 fd) {
	GET(d, fd);
	return NOTSOCK;
}

EXPORT("sock_accept") u32 sock_accept(u32 fd, u32 flags, at out) { return no_socket(fd); }
EXPORT("sock_recv") u32 sock_recv(u32 fd, at iovs, u32 n, u32 flags, at len, at oflags) { return no_socket(fd); }
EXPORT("sock_send") u32 sock_send(u32 fd, at iovs, u32 n, u32 flags, at len) { return no_socket(fd); }
EXPORT("sock_shutdown") u32 sock_shutdown(u32 fd, u32 how) { return no_socket(fd); }

// --- the end ---

EXPORT("proc_raise") u32 proc_raise(u32 signal) { return NOSYS; }

EXPORT("proc_exit") __attribute__((noreturn)) void proc_exit(u32 code) {
	// The exit code of a component has 8 bits. A code other than 0 stays other than 0.
	if (code > 255) code = code & 255 ? code & 255 : 1;
	cli_exit_with_code(code);
	__builtin_trap();
}

// This variant serves hosts without exit-with-code, on which a component that imports it would not start.
EXPORT("proc_exit_without_code") __attribute__((noreturn)) void proc_exit_without_code(u32 code) {
	cli_exit(code != 0);
	__builtin_trap();
}

// A command can run only once.
IMPORT("__main_module__", "_start") void start(void);

EXPORT("wasi:cli/run@0.2.12#run") u32 run(void) {
	start();
	return 0;
}
