// Calls the export EXPORT, a function () -> list<u8>, of each component: wasmtime-call EXPORT COMPONENT...
// Prints a line for each: `ok` and the 64-bit FNV-1a hash of the bytes, or `trap` and the reason.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasmtime.h>
#include <wasmtime/component.h>

static int failed(wasmtime_error_t *err, const char *what) {
	if (!err) return 0;
	wasm_byte_vec_t text;
	wasmtime_error_message(err, &text);
	printf("%s ", what);
	for (size_t i = 0; i < text.size; i++) putchar(text.data[i] == '\n' ? ' ' : text.data[i]);
	putchar('\n');
	wasm_byte_vec_delete(&text);
	wasmtime_error_delete(err);
	return 1;
}

static void call(wasm_engine_t *engine, const char *name, const char *path) {
	FILE *f = fopen(path, "rb");
	if (!f) exit(2);
	fseek(f, 0, SEEK_END);
	size_t size = ftell(f);
	rewind(f);
	uint8_t *data = malloc(size);
	if (fread(data, 1, size, f) != size) exit(2);
	fclose(f);

	wasmtime_component_t *component;
	if (failed(wasmtime_component_new(engine, data, size, &component), "invalid")) return;
	free(data);
	wasmtime_store_t *store = wasmtime_store_new(engine, NULL, NULL);
	wasmtime_context_t *context = wasmtime_store_context(store);
	wasmtime_component_linker_t *linker = wasmtime_component_linker_new(engine);
	wasmtime_component_instance_t instance;
	wasmtime_component_func_t func;
	wasmtime_component_val_t result;
	if (!failed(wasmtime_component_linker_instantiate(linker, context, component, &instance), "instantiate")) {
		wasmtime_component_export_index_t *index = wasmtime_component_instance_get_export_index(&instance, context, NULL, name, strlen(name));
		if (!index || !wasmtime_component_instance_get_func(&instance, context, index, &func)) exit(2);
		wasmtime_component_export_index_delete(index);
		if (!failed(wasmtime_component_func_call(&func, context, NULL, 0, &result, 1), "trap")) {
			unsigned long long hash = 0xcbf29ce484222325;
			for (size_t i = 0; i < result.of.list.size; i++) hash = (hash ^ result.of.list.data[i].of.u8) * 0x100000001b3;
			printf("ok %llx\n", hash);
			wasmtime_component_val_delete(&result);
		}
	}
	wasmtime_component_linker_delete(linker);
	wasmtime_store_delete(store);
	wasmtime_component_delete(component);
}

int main(int argc, char **argv) {
	if (argc < 2) return 2;
	wasm_config_t *config = wasm_config_new();
	wasmtime_config_wasm_component_model_set(config, true);
	wasm_engine_t *engine = wasm_engine_new_with_config(config);
	for (int i = 2; i < argc; i++) call(engine, argv[1], argv[i]);
	return 0;
}
