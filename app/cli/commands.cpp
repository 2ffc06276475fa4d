// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/build_info.h"
#include "app/cli/command.h"
#include "engine/base/json.h"

#include <CLI/CLI.hpp>

namespace mantissa::cli {

std::unique_ptr<Command> makeInspect();
std::unique_ptr<Command> makeAnalyze();
std::unique_ptr<Command> makePlan();
std::unique_ptr<Command> makeQuantize();
std::unique_ptr<Command> makeVerify();
std::unique_ptr<Command> makeEdit();
std::unique_ptr<Command> makeConvert();
std::unique_ptr<Command> makeCalibrate();
std::unique_ptr<Command> makeGenerate();
std::unique_ptr<Command> makeCompare();
std::unique_ptr<Command> makeSample();
std::unique_ptr<Command> makeDoctor();
std::unique_ptr<Command> makeStudio();
std::unique_ptr<Command> makeFormats();
std::unique_ptr<Command> makeArchitectures();
std::unique_ptr<Command> makePresets();
std::unique_ptr<Command> makeCtq();
std::unique_ptr<Command> makeMan();
std::unique_ptr<Command> makeCompletions();

const std::vector<Verb>& verbs()
{
    static const std::vector<Verb> kVerbs{
        {"inspect", "Say what a checkpoint is: architecture, components, what is quantized", "", makeInspect},
        {"analyze", "Say what a conversion would do to each layer, and the size that comes out", "",
            makeAnalyze},
        {"plan", "Write the plan that quantize would follow, every layer listed, ready to edit", "",
            makePlan},
        {"quantize", "Convert a checkpoint", "", makeQuantize},
        {"verify", "Check a quantized file, and measure its error against the original", "", makeVerify},
        {"edit", "Change names, metadata and quantization settings of a file", "", makeEdit},
        {"convert", "Change container or convention without quantizing again", "", makeConvert},
        {"calibrate", "Run a model on prompts and write the statistics of its activations",
            "A run that was stopped or killed goes on with --resume, after its last finished prompt. "
            "--merge adds up runs over different prompts.",
            makeCalibrate},
        {"generate", "Make a picture with a checkpoint or with what a plan would make of it", "",
            makeGenerate},
        {"compare", "Same prompts and seeds through several models: metrics, costs and a report",
            "Pictures are kept in a cache: a comparison that was stopped goes on, and a variant that is "
            "added "
            "makes only its own. Means of the metrics decide limits and order.",
            makeCompare},
        {"sample", "Write the shipped sample model and its prompts", "", makeSample},
        {"doctor", "Say what this machine has and which formats it can run", "", makeDoctor},
        {"studio", "Open the window, with these files", "", makeStudio},
        {"formats", "List the storage formats", "", makeFormats},
        {"architectures", "List the architectures that are recognised", "", makeArchitectures},
        {"presets", "List the presets", "", makePresets},
        {"ctq", "Run a command line of the Python tool convert-to-quant 1.3.4",
            "It is read as that tool reads it: see `mantissa ctq --help` and the pages that it names.",
            makeCtq},
        {"man", "Print the manual page", "", makeMan},
        {"completions", "Print a shell's completion script", "", makeCompletions},
    };
    return kVerbs;
}

namespace {

void printVersion(const Console& console)
{
    console.print(fmt::format(
        "mantissa {} ({}, {}, {})\n", buildVersion(), buildCommit(), buildType(), buildCompiler()));
    console.document({{"name", "mantissa"}, {"version", buildVersion()}, {"commit", buildCommit()},
        {"build_type", buildType()}, {"compiler", buildCompiler()}});
}

} // namespace

std::unique_ptr<CLI::App> makeApp(std::vector<std::unique_ptr<Command>>& commands, Console& console)
{
    auto app = std::make_unique<CLI::App>("Quantization studio for diffusion models", "mantissa");
    app->require_subcommand(1);
    app->fallthrough();
    app->failure_message(CLI::FailureMessage::simple);
    app->add_flag("--json", console.json, "Print one JSON document on standard output");
    app->add_flag("-q,--quiet", console.quiet, "No progress and no remarks");
    app->add_flag_callback(
           "--version",
           [&console] {
               printVersion(console);
               throw CLI::Success();
           },
           "Print the version")
        ->trigger_on_parse();
    for (const Verb& verb : verbs()) {
        CLI::App* sub = app->add_subcommand(verb.name, verb.summary);
        if (*verb.details != '\0')
            sub->footer(verb.details);
        commands.push_back(verb.make());
        Options options(*sub);
        commands.back()->declare(options);
    }
    return app;
}

} // namespace mantissa::cli
