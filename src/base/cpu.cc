#include "base/cpu.h"

#include <cstdlib>

namespace winnow {
namespace {

CpuLevel best_level() {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
                    __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("fma") != 0;
  const bool avx512 =
      avx2 && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0 &&
      __builtin_cpu_supports("avx512vbmi") != 0;
  return avx512 ? CpuLevel::Avx512 : avx2 ? CpuLevel::Avx2 : CpuLevel::Portable;
#else
  return CpuLevel::Portable;
#endif
}

}  // namespace

std::string_view name_of(CpuLevel level) {
  switch (level) {
    case CpuLevel::Portable:
      return "portable";
    case CpuLevel::Avx2:
      return "avx2";
    case CpuLevel::Avx512:
      return "avx512";
  }
  return "portable";
}

std::vector<CpuLevel> cpu_levels() {
  std::vector<CpuLevel> levels;
  for (const auto level : {CpuLevel::Portable, CpuLevel::Avx2, CpuLevel::Avx512}) {
    if (level <= best_level()) levels.push_back(level);
  }
  return levels;
}

CpuLevel cpu_level() {
  static const CpuLevel chosen = [] {
    const char* wanted = std::getenv("WINNOW_CPU");
    for (const auto level : cpu_levels()) {
      if (wanted != nullptr && name_of(level) == wanted) return level;
    }
    return best_level();
  }();
  return chosen;
}

}  // namespace winnow
