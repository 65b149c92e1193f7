# Language, warnings, sanitizers and caching: what every target of this build shares.
option(WINNOW_TESTS "Build the tests" ON)
option(WINNOW_BENCH "Build the benchmarks" OFF)
option(WINNOW_FUZZ "Build the fuzz targets with libFuzzer (clang 16, with WINNOW_SANITIZE)" OFF)
option(WINNOW_TIDY "Run clang-tidy 16 over what is compiled" OFF)
option(WINNOW_PRECOMPILE "Precompile the headers that nearly every file reads" OFF)
option(WINNOW_WERROR "Treat warnings as errors" OFF)
set(WINNOW_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# Every checkout shares what any of them compiled: paths are relative to the sources, and the option that
# strips them (below) is no part of a cache key.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
               "CCACHE_IGNOREOPTIONS=-ffile-prefix-map=*" CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
# With WINNOW_TIDY the C++ compiler runs clang-tidy first (scripts/tidy). ccache keeps what was found clean, by the
# content of all that it read, so that only what changed is looked at.
if(WINNOW_TIDY)
  set(tidy "${CMAKE_SOURCE_DIR}/scripts/tidy")
  if(CCACHE)
    list(INSERT CMAKE_CXX_COMPILER_LAUNCHER 3 CCACHE_NAMESPACE=tidy "CCACHE_PREFIX=${tidy}"
         "CCACHE_EXTRAFILES=${CMAKE_SOURCE_DIR}/.clang-tidy:${CMAKE_SOURCE_DIR}/tests/.clang-tidy:${tidy}")
  else()
    set(CMAKE_CXX_COMPILER_LAUNCHER "${tidy}")
  endif()
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 reports every std::variant and std::optional as maybe uninitialised; the sanitizers look instead.
  add_compile_options(-Wno-maybe-uninitialized)
endif()
# Decisions replay bit for bit on every kernel level: a fused multiply-add rounds once where two
# operations round twice, so the compiler may not form one on its own.
add_compile_options(-ffp-contract=off)
# No path of the building machine in the binary: the same source gives the same bytes anywhere, with
# ccache (which compiles by relative paths) and without.
file(RELATIVE_PATH upwards "${CMAKE_BINARY_DIR}" "${CMAKE_SOURCE_DIR}")
string(REGEX REPLACE "/$" "" upwards "${upwards}")
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}=." "-ffile-prefix-map=${upwards}=.")
if(WINNOW_WERROR)
  add_compile_options(-Werror)
endif()
if(WINNOW_SANITIZE)
  add_compile_options(-fsanitize=${WINNOW_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${WINNOW_SANITIZE})
endif()
if(WINNOW_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()
if(WINNOW_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")  # else ccache knows none again
endif()
