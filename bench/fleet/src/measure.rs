//! What the operating system knows of processes: Linux's /proc.

use std::fs;
use std::io;
use std::time::Duration;

/// Ticks of /proc/self/stat in a second: the same on all of Linux's own architectures (proc_pid_stat(5), USER_HZ).
const TICKS: u64 = 100;

/// Processor time of this process so far.
#[derive(Debug, Clone, Copy)]
pub struct Processor {
    /// To the nanosecond, of all threads that are still there.
    pub all: Duration,
    /// To the tick.
    pub user: Duration,
    /// To the tick.
    pub system: Duration,
}

/// Processor time of this process so far.
pub fn processor() -> io::Result<Processor> {
    // The processor time of a running thread is updated when it yields.
    std::thread::yield_now();
    let mut nanos = 0;
    for thread in fs::read_dir("/proc/self/task")? {
        // The thread may have ended meanwhile.
        let text = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanos += number(text.split_whitespace().next());
    }
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The program's name, in parentheses, may hold anything; user and system time are the 12th and 13th field after it.
    let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let mut ticks = || Duration::from_millis(number(fields.next()) * 1000 / TICKS);
    Ok(Processor { all: Duration::from_nanos(nanos), user: ticks(), system: ticks() })
}

/// Processor time that all programs on this machine have used so far.
pub fn machine() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat")?;
    let fields = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    // user, nice, system, idle, iowait, irq, softirq, steal.
    let ticks = fields.take(8).enumerate().filter(|(place, _)| ![3, 4].contains(place));
    let ticks: u64 = ticks.map(|(_, text)| number(Some(text))).sum();
    Ok(Duration::from_millis(ticks * 1000 / TICKS))
}

/// Resident memory of this process in KiB: now, and the most so far.
pub fn memory() -> io::Result<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        number(line.and_then(|rest| rest.split_whitespace().next()))
    };
    Ok((field("VmRSS:"), field("VmHWM:")))
}

/// The descriptors that a process has open, and those that it may have.
pub fn descriptors(process: u32) -> io::Result<(usize, u64)> {
    let open = fs::read_dir(format!("/proc/{process}/fd"))?.count();
    let limits = fs::read_to_string(format!("/proc/{process}/limits"))?;
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    Ok((open, number(limit.and_then(|rest| rest.split_whitespace().next()))))
}

/// The machine, for readers of figures that were measured on it.
pub fn described() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let processor = value(&read("/proc/cpuinfo"), "model name");
    let memory = number(value(&read("/proc/meminfo"), "MemTotal").split_whitespace().next()) / 1024 / 1024;
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel: Vec<&str> = kernel.trim().split(['.', '-']).take(2).collect();
    format!("{} cores ({processor}), {memory} GiB of memory, Linux {}", cores(), kernel.join("."))
}

pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn number(text: Option<&str>) -> u64 {
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}
