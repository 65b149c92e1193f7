# winnow_precompile(TARGET HEADERS...)
# With WINNOW_PRECOMPILE the headers that nearly every file reads are read once for a target: a third less to build with
# clang. Every file includes what it uses all the same; builds without the option hold it to that.
function(winnow_precompile target)
  if(WINNOW_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional>
                              <ranges> <set> <span> <string> <string_view> <thread> <unordered_map> <vector>
                              <fmt/format.h> ${ARGN})
  endif()
endfunction()

# winnow_library(NAME SOURCES ... DEPENDS ... [LINK ...])
# The library of the folder it is called in. DEPENDS names our own folders (and so the floors below
# it); LINK names the third-party targets that this folder alone includes.
function(winnow_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_library(winnow_${name} STATIC ${ARG_SOURCES})
  target_include_directories(winnow_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
  list(TRANSFORM ARG_DEPENDS PREPEND winnow_)
  target_link_libraries(winnow_${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_LINK})
  winnow_precompile(winnow_${name})
endfunction()

# winnow_test(NAME SOURCES ... DEPENDS ... [LINK ...])
# One gtest program a folder, tests/NAME, each case registered with ctest; with WHOLE the program is one
# case, for suites that share an expensive beginning.
function(winnow_test name)
  cmake_parse_arguments(ARG "WHOLE" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  list(TRANSFORM ARG_DEPENDS PREPEND winnow_)
  target_include_directories(${name}_test PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE ${ARG_DEPENDS} winnow_test_support GTest::gmock
                        GTest::gtest_main ${ARG_LINK})
  winnow_precompile(${name}_test <gmock/gmock.h>)
  if(ARG_WHOLE)
    add_test(NAME ${name} COMMAND ${name}_test)
    # They take minutes: begun first, the short ones fill the other cores.
    set_tests_properties(${name} PROPERTIES TIMEOUT 600 COST 1000)
    return()
  endif()
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300)
endfunction()

# winnow_fuzz(NAME SOURCES ... DEPENDS ... [LINK ...])
# A fuzz target NAME_fuzz, which is also a test: it replays its seed corpus (tests/fuzz/corpus/NAME), so that a found
# input stays found. With WINNOW_FUZZ libFuzzer drives it, else replay_main.cc, on every compiler.
function(winnow_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND winnow_)
  add_executable(${name}_fuzz ${ARG_SOURCES})
  target_include_directories(${name}_fuzz PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name}_fuzz PRIVATE ${ARG_DEPENDS} ${ARG_LINK})
  set(replay "")
  if(WINNOW_FUZZ)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    set(replay -runs=0)
  else()
    target_link_libraries(${name}_fuzz PRIVATE winnow_replay_main)
  endif()
  add_test(NAME fuzz.${name}.replays_its_corpus
           COMMAND ${name}_fuzz ${replay} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
endfunction()

# winnow_bench(NAME SOURCES ... DEPENDS ... [LINK ...]): one benchmark program.
function(winnow_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  list(TRANSFORM ARG_DEPENDS PREPEND winnow_)
  add_executable(${name}_bench ${ARG_SOURCES})
  target_include_directories(${name}_bench PRIVATE "${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name}_bench PRIVATE ${ARG_DEPENDS} ${ARG_LINK})
endfunction()
