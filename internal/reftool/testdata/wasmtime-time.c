// Times exports of a component, functions (n: u32) -> u32 that do something n times:
// wasmtime-time COMPONENT N EXPORT...
// Prints the nanoseconds that each takes to do it once, one a line: the least of many calls in a tenth of a second.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wasmtime.h>
#include <wasmtime/component.h>

static void check(wasmtime_error_t *err) {
	if (!err) return;
	wasm_byte_vec_t text;
	wasmtime_error_message(err, &text);
	fprintf(stderr, "%.*s\n", (int)text.size, text.data);
	exit(1);
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
	if (argc < 4) return 2;
	FILE *f = fopen(argv[1], "rb");
	if (!f) return 2;
	fseek(f, 0, SEEK_END);
	size_t size = ftell(f);
	rewind(f);
	uint8_t *data = malloc(size);
	if (fread(data, 1, size, f) != size) return 2;
	fclose(f);

	wasm_config_t *config = wasm_config_new();
	wasmtime_config_wasm_component_model_set(config, true);
	wasm_engine_t *engine = wasm_engine_new_with_config(config);
	wasmtime_component_t *component;
	check(wasmtime_component_new(engine, data, size, &component));
	wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
	wasmtime_context_t *context = wasmtime_store_context(store);
	wasmtime_component_linker_t *linker = wasmtime_component_linker_new(engine);
	wasmtime_component_instance_t instance;
	check(wasmtime_component_linker_instantiate(linker, context, component, &instance));
	for (int i = 3; i < argc; i++) {
		wasmtime_component_export_index_t *index =
			wasmtime_component_instance_get_export_index(&instance, context, NULL, argv[i], strlen(argv[i]));
		wasmtime_component_func_t func;
		if (!index || !wasmtime_component_instance_get_func(&instance, context, index, &func)) return 2;
		wasmtime_component_val_t n, result;
		memset(&n, 0, sizeof n);
		memset(&result, 0, sizeof result);
		n.kind = WASMTIME_COMPONENT_U32;
		n.of.u32 = atoi(argv[2]);
		double least = 1e18;
		for (double start = now(); now() - start < 1e8;) {
			double t = now();
			check(wasmtime_component_func_call(&func, context, &n, 1, &result, 1));
			t = now() - t;
			if (t < least) least = t;
		}
		printf("%f\n", least / n.of.u32);
	}
	return 0;
}
