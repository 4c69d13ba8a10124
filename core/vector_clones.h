// Loops that pay from wider registers are compiled for several instruction sets (plain, AVX2, AVX-512 with its byte and
// word instructions); the loader picks one. All of them give the same bits: no contraction (-ffp-contract=off), no
// reassociation, no approximate instructions.
#pragma once

// Sanitizers instrument the resolvers, which run before their runtime is up: there, one version has to do.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MISFIRE_VECTOR_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define MISFIRE_VECTOR_CLONES
#endif
