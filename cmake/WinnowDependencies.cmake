# Debian 12's packages, and nothing else (scripts/bootstrap installs them). Each library is included
# by one folder only, which wraps it in our own types.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ICU REQUIRED COMPONENTS i18n uc)
foreach(package IN ITEMS CURL simdjson yaml-cpp CLI11 spdlog fmt SQLite3 LibArchive ZLIB zstd)
  find_package(${package} REQUIRED)
endforeach()
find_package(PkgConfig REQUIRED)
foreach(package IN ITEMS cjose gmime-3.0 libpsl libsodium libxxhash lmdb re2 xgboost)
  pkg_check_modules(${package} REQUIRED IMPORTED_TARGET ${package})
endforeach()
find_library(LIBLINEAR_LIBRARY linear REQUIRED)  # ships neither a CMake nor a pkg-config file
if(WINNOW_TESTS OR WINNOW_BENCH)
  find_package(GTest REQUIRED)
endif()
if(WINNOW_BENCH)
  find_package(benchmark REQUIRED)
endif()
