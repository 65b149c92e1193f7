// Which vector instructions this process may use. Hot kernels are compiled once for each level, in
// files of their own, and picked at run time; nothing is built with -march=native.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

enum class CpuLevel {
  Portable,  // x86-64 baseline, or any other machine
  Avx2,      // AVX2, BMI1, BMI2, FMA
  Avx512,    // AVX-512 F, BW, DQ, VL, VBMI (Ice Lake, Zen 4 and newer)
};

std::string_view name_of(CpuLevel level);  // "portable", "avx2", "avx512"

// The best level of this machine; WINNOW_CPU=portable|avx2|avx512 lowers it (a level that the
// machine lacks or a name that does not exist is ignored). Read once, at the first call.
CpuLevel cpu_level();

std::vector<CpuLevel> cpu_levels();  // all that this machine can run, lowest first: for tests

}  // namespace winnow
