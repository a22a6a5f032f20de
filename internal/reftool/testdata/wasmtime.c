// Runs a command component on wasmtime: wasmtime COMPONENT DIR [NAME=VALUE]... -- ARG...
// DIR is the folder that the component sees as /. Exits as the component does, with 134 after a trap.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi.h>
#include <wasmtime.h>
#include <wasmtime/component.h>

static void check(wasmtime_error_t *err, const char *what) {
	if (!err) return;
	int status;
	if (wasmtime_error_exit_status(err, &status)) exit(status);
	wasm_byte_vec_t text;
	wasmtime_error_message(err, &text);
	fprintf(stderr, "%s: %.*s\n", what, (int)text.size, text.data);
	exit(134);
}

int main(int argc, char **argv) {
	if (argc < 3) return 2;
	FILE *f = fopen(argv[1], "rb");
	if (!f) return 2;
	fseek(f, 0, SEEK_END);
	size_t size = ftell(f);
	rewind(f);
	uint8_t *data = malloc(size);
	if (fread(data, 1, size, f) != size) return 2;

	const char *names[64], *values[64];
	int n = 0, i = 3;
	for (; i < argc && strcmp(argv[i], "--") && n < 64; i++, n++) {
		char *eq = strchr(argv[i], '=');
		if (!eq) return 2;
		*eq = 0;
		names[n] = argv[i];
		values[n] = eq + 1;
	}
	wasi_config_t *wasi = wasi_config_new();
	wasi_config_inherit_stdin(wasi);
	wasi_config_inherit_stdout(wasi);
	wasi_config_inherit_stderr(wasi);
	wasi_config_set_env(wasi, n, names, values);
	wasi_config_set_argv(wasi, argc - i - 1 > 0 ? argc - i - 1 : 0, (const char **)argv + i + 1);
	if (!wasi_config_preopen_dir(wasi, argv[2], "/", WASMTIME_WASI_DIR_PERMS_READ | WASMTIME_WASI_DIR_PERMS_WRITE,
	                             WASMTIME_WASI_FILE_PERMS_READ | WASMTIME_WASI_FILE_PERMS_WRITE))
		return 2;

	wasm_config_t *config = wasm_config_new();
	wasmtime_config_wasm_component_model_set(config, true);
	wasm_engine_t *engine = wasm_engine_new_with_config(config);
	wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
	wasmtime_context_t *context = wasmtime_store_context(store);
	check(wasmtime_context_set_wasi(context, wasi), "wasi");
	wasmtime_component_t *component;
	check(wasmtime_component_new(engine, data, size, &component), "compile");
	wasmtime_component_linker_t *linker = wasmtime_component_linker_new(engine);
	check(wasmtime_component_linker_add_wasip2(linker), "link");
	wasmtime_component_instance_t instance;
	check(wasmtime_component_linker_instantiate(linker, context, component, &instance), "instantiate");
	wasmtime_component_export_index_t *iface = NULL;
	for (int minor = 12; minor >= 0 && !iface; minor--) {
		char name[64];
		snprintf(name, sizeof name, "wasi:cli/run@0.2.%d", minor);
		iface = wasmtime_component_instance_get_export_index(&instance, context, NULL, name, strlen(name));
	}
	if (!iface) return 2;
	wasmtime_component_export_index_t *index = wasmtime_component_instance_get_export_index(&instance, context, iface, "run", 3);
	wasmtime_component_func_t run;
	if (!index || !wasmtime_component_instance_get_func(&instance, context, index, &run)) return 2;
	wasmtime_component_val_t result;
	check(wasmtime_component_func_call(&run, context, NULL, 0, &result, 1), "run");
	return result.of.result.is_ok ? 0 : 1;
}
