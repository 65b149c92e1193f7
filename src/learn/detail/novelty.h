// What a training of novelty makes, apart from its record: train_novelty() and reproduce() share
// it.
#pragma once

#include <cstdint>

#include "learn/detail/run_material.h"
#include "learn/novelty_training.h"
#include "model/novelty_model.h"

namespace winnow::learn {

struct MadeNovelty {
  NoveltyModel model;
  std::uint64_t events = 0;  // of history
  std::uint64_t train_rows = 0, held_out_rows = 0;
};

// Pure: the same events, material and training give the same model. Memory: the rows of the
// training times the features. Errors: InvalidArgument.
Result<MadeNovelty> make_novelty(const EventLog& events, const Material& material,
                                 const NoveltyTraining& training, unsigned threads,
                                 Progress& progress);

}  // namespace winnow::learn
