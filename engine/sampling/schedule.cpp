// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/sampling/schedule.h"

#include <algorithm>
#include <cmath>

namespace mantissa {

namespace {

constexpr double kZeroTerminalAlpha = 4.8973451890853435e-08;

double shifted(double shift, double t)
{
    return shift * t / (1 + (shift - 1) * t);
}

/// `count` values from first to last, both included.
std::vector<double> evenly(double first, double last, int count)
{
    std::vector<double> values(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        values[static_cast<std::size_t>(i)] = count == 1 ? first : first + (last - first) * i / (count - 1);
    return values;
}

/// The continued fraction of the incomplete beta function (Lentz's method; converges for x < (a + 1) / (a + b
/// + 2)).
double betaFraction(double x, double a, double b)
{
    constexpr double kTiny = 1e-300, kEnough = 1e-15;
    const auto away = [](double value) { return std::fabs(value) < kTiny ? kTiny : value; };
    double c = 1, d = 1 / away(1 - (a + b) * x / (a + 1)), result = d;
    for (int m = 1; m < 500; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away(1 + even * d);
        c = away(1 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away(1 + odd * d);
        c = away(1 + odd / c);
        result *= d * c;
        if (std::fabs(d * c - 1) < kEnough)
            break;
    }
    return result;
}

/// I_x(a, b), regularized.
double incompleteBeta(double x, double a, double b)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    const double front = std::exp(
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * betaFraction(x, a, b) / a;
    return 1 - front * betaFraction(1 - x, b, a) / b;
}

bool nearZero(double sigma)
{
    return std::fabs(sigma) <= 1e-5;
}

std::vector<double> normalSigmas(const NoiseSchedule& schedule, int steps, bool sgm)
{
    const double first = schedule.timestep(schedule.sigmaMax()),
                 last = schedule.timestep(schedule.sigmaMin());
    bool appendZero = true;
    std::vector<double> times;
    if (sgm) {
        times = evenly(first, last, steps + 1);
        times.pop_back();
    } else {
        if (nearZero(schedule.sigma(last))) {
            ++steps;
            appendZero = false;
        }
        times = evenly(first, last, steps);
    }
    std::vector<double> sigmas;
    sigmas.reserve(times.size() + 1);
    for (const double time : times)
        sigmas.push_back(schedule.sigma(time));
    if (appendZero)
        sigmas.push_back(0);
    return sigmas;
}

std::vector<double> simpleSigmas(const NoiseSchedule& schedule, int steps)
{
    const auto& table = schedule.sigmas();
    const double stride = static_cast<double>(table.size()) / steps;
    std::vector<double> sigmas;
    sigmas.reserve(static_cast<std::size_t>(steps) + 1);
    for (int i = 0; i < steps; ++i)
        sigmas.push_back(table[table.size() - 1 - static_cast<std::size_t>(i * stride)]);
    sigmas.push_back(0);
    return sigmas;
}

std::vector<double> ddimUniformSigmas(const NoiseSchedule& schedule, int steps)
{
    const auto& table = schedule.sigmas();
    std::vector<double> sigmas;
    if (table.size() > 1 && nearZero(table[1]))
        ++steps;
    else
        sigmas.push_back(0);
    const std::size_t stride = std::max<std::size_t>(table.size() / static_cast<std::size_t>(steps), 1);
    for (std::size_t i = 1; i < table.size(); i += stride)
        sigmas.push_back(table[i]);
    std::reverse(sigmas.begin(), sigmas.end());
    return sigmas;
}

std::vector<double> betaSigmas(const NoiseSchedule& schedule, int steps)
{
    constexpr double kAlpha = 0.6, kBeta = 0.6; // arXiv 2407.12173
    const auto& table = schedule.sigmas();
    std::vector<double> sigmas;
    std::ptrdiff_t previous = -1;
    for (int i = 0; i < steps; ++i) {
        const double quantile = betaQuantile(1.0 - static_cast<double>(i) / steps, kAlpha, kBeta);
        const auto index
            = static_cast<std::ptrdiff_t>(std::nearbyint(quantile * static_cast<double>(table.size() - 1)));
        if (index != previous)
            sigmas.push_back(table[static_cast<std::size_t>(index)]);
        previous = index;
    }
    sigmas.push_back(0);
    return sigmas;
}

std::vector<double> karrasSigmas(const NoiseSchedule& schedule, int steps)
{
    constexpr double kRho = 7; // arXiv 2206.00364
    std::vector<double> sigmas
        = evenly(std::pow(schedule.sigmaMax(), 1 / kRho), std::pow(schedule.sigmaMin(), 1 / kRho), steps);
    for (double& sigma : sigmas)
        sigma = std::pow(sigma, kRho);
    sigmas.push_back(0);
    return sigmas;
}

std::vector<double> exponentialSigmas(const NoiseSchedule& schedule, int steps)
{
    std::vector<double> sigmas = evenly(std::log(schedule.sigmaMax()), std::log(schedule.sigmaMin()), steps);
    for (double& sigma : sigmas)
        sigma = std::exp(sigma);
    sigmas.push_back(0);
    return sigmas;
}

/// Half of the steps on a line through the last 2.5 % of the way, then a parabola (Movie Gen, arXiv
/// 2410.13720).
std::vector<double> linearQuadraticSigmas(const NoiseSchedule& schedule, int steps)
{
    constexpr double kThreshold = 0.025;
    if (steps == 1)
        return {schedule.sigmaMax(), 0};
    const int linear = steps / 2, quadratic = steps - linear;
    const double difference = linear - kThreshold * steps;
    const double square = difference / (static_cast<double>(linear) * quadratic * quadratic);
    const double slope = kThreshold / linear - 2 * difference / (static_cast<double>(quadratic) * quadratic);
    const double constant = square * linear * linear;
    std::vector<double> sigmas;
    for (int i = 0; i < steps; ++i) {
        const double way = i < linear ? i * kThreshold / linear : square * i * i + slope * i + constant;
        sigmas.push_back((1 - way) * schedule.sigmaMax());
    }
    sigmas.push_back(0);
    return sigmas;
}

/// "Align your steps", arXiv 2404.14507, theorem 3.1: optimal in KL for Gaussian data.
std::vector<double> klOptimalSigmas(const NoiseSchedule& schedule, int steps)
{
    std::vector<double> sigmas
        = evenly(std::atan(schedule.sigmaMax()), std::atan(schedule.sigmaMin()), steps);
    for (double& sigma : sigmas)
        sigma = std::tan(sigma);
    sigmas.push_back(0);
    return sigmas;
}

struct Scheduler {
    const char* name;
    std::vector<double> (*make)(const NoiseSchedule&, int steps);
};

constexpr Scheduler kSchedulers[] = {
    {"normal", [](const NoiseSchedule& schedule, int steps) { return normalSigmas(schedule, steps, false); }},
    {"karras", karrasSigmas},
    {"exponential", exponentialSigmas},
    {"sgm_uniform",
        [](const NoiseSchedule& schedule, int steps) { return normalSigmas(schedule, steps, true); }},
    {"simple", simpleSigmas},
    {"ddim_uniform", ddimUniformSigmas},
    {"beta", betaSigmas},
    {"linear_quadratic", linearQuadraticSigmas},
    {"kl_optimal", klOptimalSigmas},
};

} // namespace

NoiseSchedule NoiseSchedule::discrete(
    std::string_view spacing, double start, double end, int count, bool zeroTerminalSnr)
{
    const bool scaled = spacing == "scaled_linear";
    std::vector<double> betas
        = scaled ? evenly(std::sqrt(start), std::sqrt(end), count) : evenly(start, end, count);
    std::vector<double> alphas;
    double product = 1;
    for (const double beta : betas) {
        product *= 1 - (scaled ? beta * beta : beta);
        alphas.push_back(product);
    }
    if (zeroTerminalSnr) {
        const double first = std::sqrt(alphas.front()), last = std::sqrt(alphas.back());
        for (double& alpha : alphas) {
            const double root = (std::sqrt(alpha) - last) * first / (first - last);
            alpha = root * root;
        }
        alphas.back() = kZeroTerminalAlpha;
    }
    NoiseSchedule schedule;
    for (const double alpha : alphas) {
        schedule.m_sigmas.push_back(std::sqrt((1 - alpha) / alpha));
        schedule.m_logSigmas.push_back(std::log(schedule.m_sigmas.back()));
    }
    return schedule;
}

NoiseSchedule NoiseSchedule::flow(double shift, double timeScale, int count)
{
    NoiseSchedule schedule;
    schedule.m_flow = true;
    schedule.m_shift = shift;
    schedule.m_timeScale = timeScale;
    for (int i = 1; i <= count; ++i)
        schedule.m_sigmas.push_back(shifted(shift, static_cast<double>(i) / count));
    return schedule;
}

double NoiseSchedule::timestep(double sigma) const
{
    if (m_flow)
        return sigma * m_timeScale;
    const double log = std::log(std::max(sigma, 1e-300));
    const auto above = std::lower_bound(m_logSigmas.begin(), m_logSigmas.end(), log);
    if (above == m_logSigmas.begin())
        return 0;
    if (above == m_logSigmas.end())
        return static_cast<double>(m_logSigmas.size() - 1);
    const auto index = static_cast<double>(above - m_logSigmas.begin());
    return log - *(above - 1) <= *above - log ? index - 1 : index;
}

double NoiseSchedule::sigma(double timestep) const
{
    if (m_flow)
        return shifted(m_shift, timestep / m_timeScale);
    const double place = std::clamp(timestep, 0.0, static_cast<double>(m_logSigmas.size() - 1));
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, m_logSigmas.size() - 1);
    const double part = place - static_cast<double>(low);
    return std::exp((1 - part) * m_logSigmas[low] + part * m_logSigmas[high]);
}

double fluxMu(double tokens)
{
    return 0.5 + (1.15 - 0.5) * (tokens - 256) / (4096 - 256);
}

double flux2Mu(double tokens, int steps)
{
    const double many = 0.00016927 * tokens + 0.45666666; // 200 steps
    if (tokens > 4300)
        return many;
    const double few = 8.73809524e-05 * tokens + 1.89833333; // 10 steps
    return few + (many - few) * (steps - 10) / 190.0;
}

Result<std::vector<double>> makeSigmas(const NoiseSchedule& schedule, std::string_view scheduler, int steps)
{
    if (steps < 1 || steps > 10000)
        return fail(ErrorCode::Usage, "{} steps cannot be sampled", steps);
    for (const Scheduler& known : kSchedulers) {
        if (known.name == scheduler)
            return known.make(schedule, steps);
    }
    return fail(ErrorCode::Usage, "there is no scheduler named \"{}\"", scheduler);
}

const std::vector<std::string>& schedulerNames()
{
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const Scheduler& scheduler : kSchedulers)
            names.emplace_back(scheduler.name);
        return names;
    }();
    return kNames;
}

const std::vector<std::string>& samplerNames()
{
    static const std::vector<std::string> kNames{"euler", "euler_ancestral", "heun", "dpmpp_2m",
        "dpmpp_2m_sde", "ddim", "uni_pc", "uni_pc_bh2", "lcm"};
    return kNames;
}

double betaQuantile(double p, double a, double b)
{
    if (p <= 0)
        return 0;
    if (p >= 1)
        return 1;
    double low = 0, high = 1;
    // Bisection to the last bit: the function is monotone, and a schedule asks a few dozen times.
    for (int i = 0; i < 100 && low < high; ++i) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        (incompleteBeta(middle, a, b) < p ? low : high) = middle;
    }
    return low + (high - low) / 2;
}

} // namespace mantissa
