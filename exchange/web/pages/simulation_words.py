"""What the pages of the simulator say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SIMULATION: Final[Mapping[str, tuple[str, str]]] = {
    "simulate": ("市场仿真", "Simulator"),
    "simulate.note": (
        (
            "选一个市场，按交易所自己的规则演练：商家与产品都是虚构的，价格、拒绝与清算却由真实规则得出。"
            "仿真在自己的文件夹里进行，不触及本交易所的任何数据。"
        ),
        (
            "Choose a market and have it played by the exchange's own rules: its merchants and "
            "products are made up, its prices, refusals and settlements are not. It is played in a "
            "folder of its own and touches nothing of this exchange."
        ),
    ),
    "simulate.market": ("市场", "Market"),
    "simulate.seed": ("种子", "Seed"),
    "simulate.seed.note": (
        "同一市场、种子与天数，结果逐字节相同，只演练一次。",
        "The same market, seed and days give the same bytes, and are played once.",
    ),
    "simulate.days": ("天数", "Days"),
    "simulate.days.note": (
        "只演练前若干日；留空则演练全部，至多 40 日。",
        "The first days alone; left empty: all of them, 40 at most.",
    ),
    "simulate.start": ("开始", "Start"),
    "simulate.closed": (
        (
            "本交易所未向公众开放仿真：参与方可用签名请求开始（POST /api/v1/simulations），"
            "或在自己的机器上运行 guapai simulate run。"
        ),
        (
            "This exchange does not let the public start simulations: a participant does by a "
            "signed request (POST /api/v1/simulations), anybody by guapai simulate run on a "
            "machine of their own."
        ),
    ),
    "simulate.none": (
        "这里没有可演练的市场：把市场文件（.toml）放进交易所文件夹的 markets 目录。",
        (
            "There is no market to play here: put market files (.toml) into the folder markets of "
            "the exchange's own."
        ),
    ),
    "simulate.jobs": ("已有的仿真", "Simulations"),
    "simulate.jobs.empty": ("还没有人开始过仿真。", "Nobody has started one yet."),
    "simulate.state": ("状态", "State"),
    "simulate.progress": ("进度", "Progress"),
    "simulate.days_word": ("日", "days"),
    "simulate.trades": ("成交笔数", "Trades"),
    "simulate.report": ("查看报告", "See the report"),
    "simulate.why": ("原因", "Why"),
    "simulate.refresh": (
        "本页每两秒自动刷新，直到演练结束。",
        "This page comes again every two seconds until it is over.",
    ),
    "simulate.waiting_note": (
        "一次只演练一个市场，轮到时自动开始。",
        "One market is played at a time; this one begins when its turn comes.",
    ),
    "simulate.again": (
        "站点重启时它被停止；再次提交同样的内容即可重新开始。",
        "It was stopped when the site went down; asking for the same again begins it anew.",
    ),
    "simulate.back": ("再演练一个", "Play another"),
    "simulate.state.waiting": ("等待", "waiting"),
    "simulate.state.running": ("进行中", "under way"),
    "simulate.state.done": ("完成", "done"),
    "simulate.state.failed": ("失败", "failed"),
    "simulate.state.stopped": ("已停止", "stopped"),
}
