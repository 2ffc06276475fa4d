// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/trained_tokenizer.h"

#include "tests/support/temp_folder.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#ifdef MANTISSA_SENTENCEPIECE_TRAINER
#include <sentencepiece_trainer.h>
#endif

namespace mantissa::test {

const std::string& trainedTokenizer()
{
    static const std::string model = [] {
        std::string bytes;
#ifdef MANTISSA_SENTENCEPIECE_TRAINER
        TempFolder folder;
        std::ofstream corpus(folder / "corpus.txt");
        for (const char* subject : {"a red cube", "the blue sphere", "a green cone", "one yellow ring"})
            for (const char* verb : {"stands on", "lies behind", "floats above", "rests near"})
                for (const char* object : {"a table", "the grey floor", "some stones", "a wooden box"})
                    corpus << subject << ' ' << verb << ' ' << object << '\n';
        corpus.close();
        const std::string arguments = "--input=" + (folder / "corpus.txt").string()
            + " --model_prefix=" + (folder / "tiny").string()
            + " --vocab_size=50 --pad_id=0 --eos_id=1 --unk_id=2 --bos_id=-1 --minloglevel=2";
        const auto status = sentencepiece::SentencePieceTrainer::Train(arguments);
        if (!status.ok())
            throw std::runtime_error(status.ToString());
        std::ifstream in(folder / "tiny.model", std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(in), {});
#else
        std::cout << "skipped: this system's SentencePiece has no trainer\n";
#endif
        return bytes;
    }();
    return model;
}

} // namespace mantissa::test
