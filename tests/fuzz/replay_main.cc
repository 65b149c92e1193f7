// Runs a fuzz target over the files of a folder: its seed corpus and every input that ever failed.
#include <cstdint>
#include <cstdio>

#include "base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  int ran = 0;
  for (int i = 1; i < argc; ++i) {
    const auto files = winnow::list_files(argv[i]);
    if (!files) {
      std::fprintf(stderr, "%s\n", files.error().text().c_str());
      return 1;
    }
    for (const auto& file : *files) {
      const auto bytes = winnow::read_file(file, 64UL << 20);
      if (!bytes) return 1;
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size());
      ++ran;
    }
  }
  std::printf("%d inputs replayed\n", ran);
  return ran > 0 ? 0 : 1;
}
