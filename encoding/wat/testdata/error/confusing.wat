(module ;; ‮ hidden
)
