"""Name what the balancer's web application holds for its handlers."""

from __future__ import annotations

from aiohttp import web

from runner.balancer.balancer import Balancer
from runner.balancer.style_resolver import StyleResolver
from runner.http.metrics import Metrics
from runner.http.usage import DailyUsage
from runner.learning.queue import LearningQueue

BALANCER = web.AppKey("balancer", Balancer)
RESOLVER = web.AppKey("resolver", StyleResolver)
METRICS = web.AppKey("metrics", Metrics)
USAGE = web.AppKey("usage", DailyUsage)
LEARNING = web.AppKey("learning", LearningQueue)
